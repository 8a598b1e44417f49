package zship.cli.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.flist.disk.DiskFaults;
import zship.localnode.LocalNode;
import zship.localnode.NodeState;
import zship.localnode.UserNamespace;
import zship.localnode.process.JavaProgram;
import zship.localnode.process.ProgramLog;

/**
 * The background process of the local node. It is this program again, started as {@code zship node run --ready} in a
 * session of its own; it says on its standard output when it serves, or why it cannot.
 */
public final class NodeProcess {
    private static final String MAIN = "zship.cli.Main";
    private static final String SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Session session;

    /**
     * Creates the handle of the background process of a user.
     *
     * @param session whose folders say where the node is
     */
    public NodeProcess(Session session) {
        this.session = session;
    }

    /** The running node, if there is one. */
    public Optional<NodeState> find() {
        return NodeState.read(session.nodeState());
    }

    /** The running node; started when there is none. */
    public NodeState findOrStart() {
        return find().orElseGet(this::start);
    }

    /**
     * The address of the store of the running node. Only a node can read its chunks, so one is started when there is none; since
     * it goes on running, which nobody would expect of a look at a store, that is told.
     */
    public String storeUrl() {
        return find().orElseGet(() -> {
            NodeState started = start();
            session.output().note("started the local node, which has the chunks; zship node stop ends it");
            return started;
        }).storeUrl();
    }

    /** The running node, or the failure that says how to start it. */
    public NodeState require() {
        return find().orElseThrow(() -> new CliException(ExitCode.PREREQUISITE, "no answer from the local node",
                "it is not running", "zship node start"));
    }

    /** Starts the process and waits until it serves. */
    public NodeState start() {
        return start(List.of());
    }

    /**
     * Starts the process with these options and waits until it serves.
     *
     * @param options of {@code zship node run}
     */
    public NodeState start(List<String> options) {
        Path log = session.folders().state().resolve("logs").resolve("node.log");
        try {
            ProgramLog.open(log);
            installPackages(log.resolveSibling("packages.log"));
            List<String> command = command("setsid", options);
            command.add("--ready");
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).directory(Path.of("/").toFile())
                    .start();
            String answer = answer(process, log).orElse("");
            if (!answer.equals("ready")) {
                process.destroy();
                leaveNamespace();
                throw failure(answer, log);
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot start the local node", DiskFaults.reason(e),
                    "check that " + log.getParent() + " can be written");
        }
        return require();
    }

    /** Installs the programs the node needs when this is root on Debian; else the node itself says what is missing. */
    private void installPackages(Path log) throws IOException {
        List<String> missing = LocalNode.missingPackages(session.environment());
        DebianPackages packages = new DebianPackages(new Toolbox(SYSTEM_PATH, Map.of("LC_ALL", "C"), log),
                session.environment());
        if (!missing.isEmpty() && packages.available()) {
            session.output().event("packages", Map.of("installing", missing));
            packages.install(missing, "start the local node");
        }
    }

    private UserNamespace namespace() {
        return new UserNamespace(session.nodeState(), session.environment());
    }

    private void leaveNamespace() {
        if (UserNamespace.isNeeded()) {
            namespace().leave();
        }
    }

    /**
     * Runs the node in the foreground for a user who is not root: as root of a user namespace.
     *
     * @param  options of {@code zship node run}
     * @return its exit code
     */
    public int runInNamespace(List<String> options) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command("env", options)).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                process.destroy();
                process.onExit().join();
            }, "stop"));
            return process.waitFor();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot start the local node", DiskFaults.reason(e),
                    "zship doctor");
        }
    }

    /** The node as a command line, after a program that starts it; in a user namespace unless this is root. */
    private List<String> command(String starter, List<String> options) {
        List<String> command = new ArrayList<>(UserNamespace.isNeeded() ? namespace().enter() : List.of());
        List<String> properties = Optional.ofNullable(System.getProperty("zship.launcher"))
                .map(it -> List.of("-Dzship.launcher=" + it)).orElse(List.of());
        command.add(starter);
        command.addAll(JavaProgram.command(MAIN, properties));
        command.addAll(List.of("node", "run"));
        command.addAll(options);
        return command;
    }

    private static Optional<String> answer(Process process, Path log) throws IOException {
        CompletableFuture<Optional<String>> line = CompletableFuture.supplyAsync(() -> {
            try (BufferedReader reader = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return Optional.ofNullable(reader.readLine());
            } catch (IOException e) {
                return Optional.empty();
            }
        }, task -> Thread.ofVirtual().start(task));
        try {
            return line.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroy();
            throw new CliException(ExitCode.FAILED, "cannot start the local node",
                    "it did not answer within " + START.toSeconds() + " s and was ended",
                    "look into " + log + ", then zship node start");
        } catch (ExecutionException e) {
            process.destroy();
            throw new IOException("its answer cannot be read", e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.FAILED, "cannot start the local node", "interrupted",
                    "run the same command again");
        }
    }

    private CliException failure(String answer, Path log) {
        try {
            JsonNode error = JsonMapper.shared().readTree(answer);
            if (error.path("event").asString("").equals("error")) {
                return new CliException(error.path("code").asInt(ExitCode.FAILED), error.path("what").asString(),
                        error.path("why").asString(), error.path("hint").asString());
            }
        } catch (JacksonException e) {
            session.output().event("debug", Map.of("answer", answer));
        }
        return new CliException(ExitCode.FAILED, "cannot start the local node", "its process ended at once",
                "look into " + log);
    }

    /** Asks the process to stop its containers and end, and waits for that. */
    public void stop(NodeState node) {
        Optional<ProcessHandle> process = ProcessHandle.of(node.pid());
        if (process.isEmpty()) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(STOP.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CliException(ExitCode.FAILED, "cannot stop the local node, process " + node.pid(),
                    "it did not end within " + STOP.toSeconds() + " s",
                    "kill -9 " + node.pid() + ", then zship node start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
