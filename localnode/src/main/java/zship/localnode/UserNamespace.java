package zship.localnode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import zship.localnode.attendant.Attendant;
import zship.localnode.process.Credentials;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.Signals;
import zship.localnode.process.Tool;

/**
 * The user and mount namespace in which the node of an ordinary user lives: he is root there, and his subordinate ids are all
 * other users (user_namespaces(7)). A process that only waits keeps it while the node is away, so that the next node finds the
 * mounts of the one before.
 */
public final class UserNamespace {

    private static final String HOLDER = "namespace.pid";
    private static final String INSIDE = "inside";

    private final Path root;
    private final Map<String, String> environment;

    /**
     * That of the node in a state folder.
     *
     * @param stateDirectory the folder where the node keeps its state
     * @param environment    environment of the programs that make the namespace
     */
    public UserNamespace(Path stateDirectory, Map<String, String> environment) {
        this.root = StateDirectory.of(stateDirectory).root();
        this.environment = Map.copyOf(environment);
    }

    /** Whether this user cannot run a node without one. */
    public static boolean isNeeded() {
        return !Credentials.own().isRoot();
    }

    /**
     * Makes it unless it is there.
     *
     * @return                    the beginning of a command line that runs the rest of it inside, in the folder {@code /}
     * @throws LocalNodeException when this machine or this user lacks something for it
     */
    public List<String> enter() {
        try {
            PrivateFiles.createDirectories(root);
            try (FileChannel alone = FileChannel.open(root.resolve("namespace.lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                // Held until the channel is closed: two commands at once make one namespace.
                alone.lock();
                return entry(holder());
            }
        } catch (IOException broken) {
            throw LocalNodeException.failed("make a user namespace for the local node",
                    String.valueOf(broken.getMessage()), "zship doctor", broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw LocalNodeException.failed("make a user namespace for the local node", "it was interrupted",
                    "run the command again", stopped);
        }
    }

    /** With the credentials kept, as their numbers mean root inside. */
    private static List<String> entry(ProcessMark inside) {
        return List.of("nsenter", "--preserve-credentials", "--user", "--mount", "--target",
                Long.toString(inside.pid()));
    }

    private ProcessMark holder() throws IOException, InterruptedException {
        Optional<ProcessMark> there = ProcessMark.read(root.resolve(HOLDER));
        if (there.isPresent()) {
            return there.get();
        }
        Optional<ProcessMark> inside = inhabitant();
        if (inside.isPresent()) {
            return keep(start(entry(inside.get())));
        }
        SubordinateIds ids = new Prerequisites(environment).checkUser();
        Process started = start(List.of("unshare", "--user", "--mount", "--propagation", "slave"));
        boolean done = false;
        try {
            Credentials user = Credentials.own();
            map("newuidmap", started.pid(), SubordinateIds.userMap(user, ids));
            map("newgidmap", started.pid(), SubordinateIds.groupMap(user, ids));
            ProcessMark made = keep(started);
            done = true;
            return made;
        } finally {
            if (!done) {
                started.destroyForcibly();
            }
        }
    }

    /** Another process that lives there: the one that waited was killed, and its namespace goes on. */
    private Optional<ProcessMark> inhabitant() {
        Optional<ProcessMark> node = new StateDirectory(root).readState()
                .map(state -> new ProcessMark(state.pid(), state.startMark())).filter(ProcessMark::isAlive);
        return node.or(() -> ProcessMark.read(root.resolve(Attendant.MARK)));
    }

    private ProcessMark keep(Process started) throws IOException {
        ProcessMark mark = ProcessMark.of(started.pid())
                .orElseThrow(() -> new IOException("the process that keeps it ended at once"));
        mark.write(root.resolve(HOLDER));
        return mark;
    }

    /** Starts the process that waits, and returns when it is inside. */
    private Process start(List<String> way) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(way);
        command.addAll(List.of("sh", "-c", "echo " + INSIDE + "; exec sleep infinity >/dev/null 2>&1"));
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process started = builder.start();
        String said = started.inputReader().readLine();
        if (!INSIDE.equals(said)) {
            started.destroyForcibly();
            throw new IOException(Objects.requireNonNullElse(said, way.getFirst() + " ended at once"));
        }
        return started;
    }

    private void map(String program, long pid, List<String> ranges) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, Long.toString(pid)));
        command.addAll(ranges);
        Tool.Outcome outcome = Tool.run(environment, Path.of("/"), command);
        if (!outcome.succeeded()) {
            throw new IOException(outcome.output().isEmpty() ? program + " failed" : outcome.output());
        }
    }

    /** Gives it up when no container needs it; it is gone with the last process inside. */
    public void leave() {
        if (hasContainers()) {
            return;
        }
        ProcessMark.read(root.resolve(HOLDER)).ifPresent(holder -> holder.signal(Signals.KILL));
        try {
            Files.deleteIfExists(root.resolve(HOLDER));
        } catch (IOException stays) {
            System.getLogger(UserNamespace.class.getName()).log(System.Logger.Level.DEBUG, "{0} stays: {1}", HOLDER,
                    stays.getMessage());
        }
    }

    private boolean hasContainers() {
        Path containers = root.resolve("containers");
        if (!Files.isDirectory(containers)) {
            return false;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(containers, "[0-9]*")) {
            return all.iterator().hasNext();
        } catch (IOException unreadable) {
            return true;
        }
    }
}
