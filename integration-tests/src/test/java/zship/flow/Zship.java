package zship.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code zship} command with folders of its own, as one user on one machine has it. */
final class Zship implements AutoCloseable {
    private static final long PATIENCE_MINUTES = 15;

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> wrapper = new ArrayList<>();

    /**
     * A user with an empty home.
     *
     * @param home the home folder
     * @param cache the cache folder, which tests share so that one build serves them all
     */
    Zship(Path home, Path cache) {
        this.home = home;
        environment.put("HOME", home.toString());
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
        environment.put("XDG_CACHE_HOME", cache.toString());
        environment.put("XDG_CONFIG_HOME", home.resolve("config").toString());
    }

    /** The launcher of the tree under test. */
    static Path launcher() {
        return Path.of(System.getProperty("zship.home"), "zship");
    }

    /** A cache folder of this JVM that lives as long as the build folder, for the parts that are slow to make. */
    static Path sharedCache() {
        return SharedCache.FOLDER;
    }

    Path state() {
        return home.resolve("state").resolve("zship");
    }

    Path home() {
        return home;
    }

    Zship with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** The same user, whose commands run by way of another program, such as {@code setpriv} with its options. */
    Zship by(String... program) {
        Zship other = new Zship(home, Path.of(environment.get("XDG_CACHE_HOME")));
        other.environment.putAll(environment);
        other.wrapper.addAll(List.of(program));
        return other;
    }

    /** What a command did. */
    record Run(int code, String out, String err) {

        /** The last JSON line: the result or the error. */
        JsonNode json() {
            List<String> lines = out.lines().toList();
            return JsonMapper.shared().readTree(lines.getLast());
        }
    }

    /** Runs the command to its end. */
    Run run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        process.getOutputStream().close();
        CompletableFuture<String> out = text(process.getInputStream());
        CompletableFuture<String> err = text(process.getErrorStream());
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("zship " + String.join(" ", arguments) + " did not end");
        }
        return new Run(process.exitValue(), out.join(), err.join());
    }

    /** Runs the command and fails the test when it fails. */
    Run ok(String... arguments) throws IOException, InterruptedException {
        Run run = run(arguments);
        if (run.code() != 0) {
            throw new AssertionError(
                    "zship " + String.join(" ", arguments) + " ended with " + run.code() + "\n" + run.out()
                            + run.err());
        }
        return run;
    }

    /** Starts the command. */
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(launcher().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(Files.createDirectories(home).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ZSHIP_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Starts {@code --json} and kills it with SIGKILL when the line appears; false when it ended before. */
    boolean killAt(String line, String... arguments) throws IOException, InterruptedException {
        return signalAt(line, "KILL", arguments).isPresent();
    }

    /**
     * Starts {@code --json} and sends a signal when the line appears.
     *
     * @return what it printed after that and its exit code; empty when it ended before
     */
    Optional<Run> signalAt(String line, String signal, String... arguments) throws IOException, InterruptedException {
        return signalAt(line, signal, false, arguments);
    }

    private Optional<Run> signalAt(String line, String signal, boolean group, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(arguments);
        CompletableFuture<String> err = text(process.getErrorStream());
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String next = reader.readLine();
            while (next != null && !next.contains(line)) {
                next = reader.readLine();
            }
            new ProcessBuilder("kill", "-" + signal, "--", (group ? "-" : "") + process.pid()).start().waitFor();
            String rest = reader.readAllAsString();
            int code = process.waitFor();
            return next == null ? Optional.empty() : Optional.of(new Run(code, rest, err.join()));
        }
    }

    /**
     * Starts {@code --json} as the foreground of a terminal of its own and presses Ctrl-C when the line appears: the
     * command and all that it started in the same process group are sent SIGINT.
     */
    Optional<Run> interruptAt(String line, String... arguments) throws IOException, InterruptedException {
        // Whoever starts tests in the background of a shell has them ignore SIGINT, and everything below them.
        return by("setsid", "env", "--default-signal=INT").signalAt(line, "INT", true, arguments);
    }

    /** Ends the local node and its containers. */
    @Override
    public void close() throws IOException, InterruptedException {
        run("node", "stop");
    }

    private static CompletableFuture<String> text(java.io.InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        }, task -> Thread.ofVirtual().start(task));
    }
}
