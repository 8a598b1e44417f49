package zship.localnode.attendant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.JavaProgram;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProgramLog;

/**
 * The node's side of the process that serves mounted roots and forwarded ports: starts it when it is first needed, finds it
 * again after the node was killed, and asks it.
 */
public final class Attendant {
    /** The file in the node's folder that says which process it is, for {@link ProcessMark#read}. */
    public static final String MARK = "attendant.pid";

    private static final System.Logger LOG = System.getLogger("zship.localnode.attendant");
    private static final long CACHE_BYTES = 4L << 30;
    private static final long STEP_MILLIS = 5;
    private static final int STEPS = 4000;

    private final Path directory;
    private final Clearance clearance;
    private @Nullable ProcessMark process;

    /** Removes what a process that has ended left. */
    @FunctionalInterface
    public interface Clearance {
        /** Does it; there may be nothing. */
        void run() throws IOException;
    }

    private Attendant(Path directory, Clearance clearance) {
        this.directory = directory;
        this.clearance = clearance;
    }

    /**
     * That of the node in a folder. A process that serves already is found.
     *
     * @param clearance done whenever it turns out that none serves
     */
    public static Attendant find(Path directory, Clearance clearance) throws IOException {
        Attendant attendant = new Attendant(directory, clearance);
        Optional<ProcessMark> running = ProcessMark.read(directory.resolve(MARK)).filter(attendant::serves);
        if (running.isPresent()) {
            attendant.process = running.get();
        } else {
            clearance.run();
        }
        return attendant;
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
        ProcessHandle.of(found.pid()).filter(handle -> found.isAlive()).ifPresent(ProcessHandle::destroyForcibly);
        return false;
    }

    /** The process that serves, or did before it was killed; empty when none was needed yet. */
    public synchronized Optional<ProcessMark> process() {
        return Optional.ofNullable(process);
    }

    /** Whether it serves now. */
    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Starts it unless it serves; when it was killed, another one takes its place and knows nothing of what it did. */
    public synchronized void require() throws IOException, InterruptedException {
        if (isAlive()) {
            return;
        }
        if (process != null) {
            LOG.log(System.Logger.Level.WARNING,
                    "process {0}, which served mounted roots and forwarded ports, has ended; another one starts",
                    Long.toString(process.pid()));
            clearance.run();
        }
        process = start();
    }

    /**
     * A question, to be completed by the one who asks it.
     *
     * @param what one of those that {@link AttendantProcess} answers
     */
    public static ObjectNode question(String what) {
        ProcessMark node = ProcessMark.own();
        return JsonNodeFactory.instance.objectNode().put("what", what).put("pid", node.pid()).put("start",
                node.start());
    }

    /**
     * Asks it.
     *
     * @throws IOException when it does not run or does not answer
     */
    public JsonNode ask(JsonNode question) throws IOException {
        ProcessMark serving = process().orElseThrow(() -> new IOException("the attendant does not run"));
        return Wire.ask(socket(serving), question);
    }

    /** Ends it, and with it all that it serves. */
    public synchronized void stop() throws IOException, InterruptedException {
        ProcessMark serving = process;
        if (serving != null && serving.isAlive()) {
            ask(question("stop"));
            for (int step = 0; step < STEPS && serving.isAlive(); step++) {
                Thread.sleep(STEP_MILLIS);
            }
        }
        process = null;
        Files.deleteIfExists(directory.resolve(MARK));
        Files.deleteIfExists(directory.resolve(Wire.SOCKET));
    }

    private ProcessMark start() throws IOException, InterruptedException {
        Path log = ProgramLog.open(directory.resolve("logs").resolve("attendant.log"));
        Files.deleteIfExists(directory.resolve(Wire.SOCKET));
        Process started = new ProcessBuilder(command()).directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
        Optional<ProcessMark> mark = ProcessMark.of(started.pid());
        if (mark.isPresent()) {
            // Before it answers: a node that is killed meanwhile leaves a process that the next one must know.
            mark.get().write(directory.resolve(MARK));
        }
        for (int step = 0; step < STEPS && started.isAlive() && mark.isPresent(); step++) {
            if (Files.exists(directory.resolve(Wire.SOCKET)) && answers(mark.get())) {
                return mark.get();
            }
            Thread.sleep(STEP_MILLIS);
        }
        started.destroyForcibly();
        throw new IOException("the attendant did not start, see " + log);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(JavaProgram.command(AttendantProcess.class.getName(), List.of()));
        command.addAll(List.of(directory.resolve("chunks").toString(), Long.toString(CACHE_BYTES)));
        ProcessMark node = ProcessMark.own();
        command.addAll(List.of(Long.toString(node.pid()), node.start()));
        return command;
    }

    private static boolean answers(ProcessMark mark) {
        try {
            Wire.ask(socket(mark), question("hello"));
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Reached through the process's working folder: its own path may be too long for a socket address. */
    private static Path socket(ProcessMark mark) {
        return Path.of("/proc/" + mark.pid() + "/cwd/" + Wire.SOCKET);
    }
}
