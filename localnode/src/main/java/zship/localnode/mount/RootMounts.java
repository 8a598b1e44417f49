package zship.localnode.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.mount.FlistMount;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;

/**
 * The node's side of its mounted roots: starts the process that serves them when the first one is wanted, finds it again after
 * the node was killed, and asks it.
 */
public final class RootMounts {
    private static final System.Logger LOG = System.getLogger("zship.localnode.mount");
    private static final long CACHE_BYTES = 4L << 30;
    private static final long STEP_MILLIS = 5;
    private static final int STEPS = 4000;

    private final Path directory;
    private final Path roots;
    private final Map<String, String> environment;
    private @Nullable ProcessMark process;

    private RootMounts(Path directory, Path roots, Map<String, String> environment) {
        this.directory = directory;
        this.roots = roots;
        this.environment = environment;
    }

    /**
     * Those of the node in that folder. A process that serves them already is found; what a dead one left mounted is unmounted.
     *
     * @param roots folder in which the mounts are, two levels down
     */
    public static RootMounts find(Path directory, Path roots, Map<String, String> environment) throws IOException {
        RootMounts mounts = new RootMounts(directory, roots, environment);
        mounts.process = mounts.running().orElse(null);
        if (mounts.process == null) {
            cleanUp(roots);
        } else {
            mounts.ask("hello", "");
        }
        return mounts;
    }

    private static void cleanUp(Path roots) throws IOException {
        if (!Files.isDirectory(roots)) {
            return;
        }
        List<Path> places = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(roots, Files::isDirectory)) {
            for (Path root : all) {
                try (DirectoryStream<Path> inside = Files.newDirectoryStream(root)) {
                    inside.forEach(places::add);
                }
            }
        }
        for (Path place : places) {
            if (FlistMount.removeDead(place)) {
                LOG.log(System.Logger.Level.INFO, "{0} was left by a process that has ended, and is unmounted", place);
            }
        }
    }

    /** The process that works in the folder, from its mark there. */
    private Optional<ProcessMark> running() {
        return ProcessMark.read(directory.resolve("mounts.pid")).filter(this::serves);
    }

    /** Waits for a process that another node had only just started; one that stays silent serves nothing and is ended. */
    private boolean serves(ProcessMark found) {
        try {
            for (int step = 0; step < STEPS && found.isAlive(); step++) {
                if (answers(found)) {
                    return true;
                }
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
        ProcessHandle.of(found.pid()).filter(process -> found.isAlive()).ifPresent(ProcessHandle::destroyForcibly);
        return false;
    }

    /** The process that serves the mounts, or did before it was killed; empty when none was needed yet. */
    public synchronized Optional<ProcessMark> server() {
        return Optional.ofNullable(process);
    }

    /** Whether a process serves the mounts now. */
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * Mounts an flist, unless that was done before. When the process that serves the mounts was killed, another takes its place.
     *
     * @param name   of the mount; it stands in the path {@code target}
     * @param target the folder, made when missing
     * @param store  address of the store
     * @throws MountRefusal when it cannot be mounted
     */
    public synchronized void mount(String name, Path flist, Path target, String store, boolean prefetch)
            throws MountRefusal, IOException, InterruptedException {
        if (!isAlive()) {
            replace();
        }
        PrivateFiles.createDirectories(target);
        JsonNode answer = ask(question("mount", name).put("flist", flist.toString()).put("target", target.toString())
                .put("store", store).put("prefetch", prefetch));
        if (answer.has("refused")) {
            throw new MountRefusal(answer.path("refused").asString(), answer.path("damaged").asBoolean(false));
        }
    }

    /** How much of a mounted root is here; empty when it is not mounted. */
    public synchronized Optional<MountState> status(String name) {
        if (!isAlive()) {
            return Optional.empty();
        }
        try {
            JsonNode answer = ask("status", name);
            return answer.has("chunks")
                    ? Optional.of(new MountState(answer.path("chunks").asInt(), answer.path("present").asInt(),
                            answer.path("bytes").asLong(), answer.path("presentBytes").asLong(),
                            answer.path("fetched").asLong(), answer.path("fetchedBytes").asLong()))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the mount process does not answer: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Unmounts one that no container uses. */
    public synchronized void unmount(String name) throws IOException {
        if (isAlive()) {
            ask("unmount", name);
        }
    }

    /** Unmounts all and ends the process. */
    public synchronized void stop() throws IOException, InterruptedException {
        ProcessMark serving = process;
        if (serving != null && serving.isAlive()) {
            ask("stop", "");
            for (int step = 0; step < STEPS && serving.isAlive(); step++) {
                Thread.sleep(STEP_MILLIS);
            }
        }
        process = null;
        Files.deleteIfExists(directory.resolve("mounts.pid"));
        Files.deleteIfExists(directory.resolve(Wire.SOCKET));
    }

    private void replace() throws IOException, InterruptedException {
        if (process != null) {
            LOG.log(System.Logger.Level.WARNING,
                    "process {0}, which served the mounted roots, has ended; another one starts",
                    Long.toString(process.pid()));
            cleanUp(roots);
        }
        process = start();
    }

    private ProcessMark start() throws IOException, InterruptedException {
        Path log = MountLog.open(directory.resolve("logs").resolve("mounts.log"));
        Files.deleteIfExists(directory.resolve(Wire.SOCKET));
        Process started = new ProcessBuilder(command()).directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        Optional<ProcessMark> mark = ProcessMark.of(started.pid());
        if (mark.isPresent()) {
            // Before it answers: a node that is killed meanwhile leaves a process that the next one must know.
            mark.get().write(directory.resolve("mounts.pid"));
        }
        for (int step = 0; step < STEPS && started.isAlive() && mark.isPresent(); step++) {
            if (Files.exists(directory.resolve(Wire.SOCKET)) && answers(mark.get())) {
                return mark.get();
            }
            Thread.sleep(STEP_MILLIS);
        }
        started.destroyForcibly();
        throw new IOException("the mount process did not start, see " + log);
    }

    private List<String> command() {
        return List.of("setsid", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xshare:auto", "-Xlog:disable", "--enable-native-access=ALL-UNNAMED", "-cp",
                absolute(System.getProperty("java.class.path")), MountProcess.class.getName(),
                directory.resolve("chunks").toString(), Long.toString(CACHE_BYTES));
    }

    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(":")) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(":", entries);
    }

    private boolean answers(ProcessMark mark) {
        try {
            Wire.ask(socket(mark), question("hello", ""));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private JsonNode ask(String what, String name) throws IOException {
        return ask(question(what, name));
    }

    private JsonNode ask(JsonNode question) throws IOException {
        ProcessMark serving = process;
        if (serving == null) {
            throw new IOException("the mount process does not run");
        }
        return Wire.ask(socket(serving), question);
    }

    /** Reached through the process's working folder: its own path may be too long for a socket address. */
    private static Path socket(ProcessMark mark) {
        return Path.of("/proc/" + mark.pid() + "/cwd/" + Wire.SOCKET);
    }

    private static ObjectNode question(String what, String name) {
        long pid = ProcessHandle.current().pid();
        return JsonNodeFactory.instance.objectNode().put("what", what).put("name", name).put("pid", pid).put("start",
                ProcessMark.of(pid).map(ProcessMark::start).orElse(""));
    }
}
