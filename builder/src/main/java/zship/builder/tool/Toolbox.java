package zship.builder.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import zship.builder.BuildException;

/**
 * Runs the build's programs. A program gets exactly the environment given here, no shell is ever between, and all it
 * prints goes to a log file, whose last lines become the reason when it fails.
 */
public final class Toolbox {

    /** Begins a line of the log that tells which program was run. */
    private static final String COMMAND = "$ ";
    private static final Pattern ERROR = Pattern
            .compile("(: |^)(fatal )?error: |undefined reference|configure: error|No rule to make|^E: ");
    private static final int REASON_LINES = 8;
    private static final int REASON_BYTES = 64 * 1024;
    private static final int MAX_OUTPUT = 16 << 20;
    private static final long MAX_MINUTES = 60;

    private final String searchPath;
    private final Map<String, String> environment;
    private final Path log;
    private final List<String> wrapper;

    /** How a program ended and what it printed. */
    public record Output(int status, String text) {
    }

    /**
     * Creates a toolbox.
     *
     * @param searchPath folders that programs are looked for in, separated by colons; also their PATH
     * @param environment the environment of the programs, PATH excepted
     * @param log file that all output is appended to
     */
    public Toolbox(String searchPath, Map<String, String> environment, Path log) {
        this(searchPath, environment, log, List.of());
    }

    private Toolbox(String searchPath, Map<String, String> environment, Path log, List<String> wrapper) {
        this.searchPath = searchPath;
        this.environment = new TreeMap<>(environment);
        this.log = log;
        this.wrapper = List.copyOf(wrapper);
    }

    /**
     * Returns a toolbox that runs its programs by way of another one, which finds them.
     *
     * @param words the other program and its arguments, in front of each command
     * @param path the search path that holds there
     */
    public Toolbox by(List<String> words, String path) {
        return new Toolbox(path, environment, log, words);
    }

    /** Returns a toolbox that adds or replaces variables of the environment. */
    public Toolbox withEnvironment(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(more);
        return new Toolbox(searchPath, all, log, wrapper);
    }

    /** Finds the program {@code name} in the search path. */
    public Optional<Path> find(String name) {
        for (String folder : searchPath.split(":")) {
            Path candidate = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Runs a program and expects it to succeed. When this process is killed, the program and all it started end too.
     *
     * @param folder the working directory
     * @param command the program, a name in the search path or a path, and its arguments
     * @throws BuildException of kind FAILED with the last lines of its output
     */
    public void run(Path folder, List<String> command) throws IOException {
        Process process = start(guards(), folder, command, ProcessBuilder.Redirect.appendTo(log.toFile()), true);
        int status = waitFor(process, command);
        if (status != 0) {
            throw failure(command, status);
        }
    }

    /**
     * Runs a program like {@link #run} and returns its exit status, whatever it is. It goes on when this process is
     * killed, as a package manager must.
     */
    public int runForStatus(Path folder, List<String> command) throws IOException {
        Process process = start(List.of(), folder, command, ProcessBuilder.Redirect.appendTo(log.toFile()), true);
        return waitFor(process, command);
    }

    /**
     * The words before a program that must not outlive this process: setpriv(1) has the kernel kill it with us, and
     * where we may make a process namespace, all it started ends with it. A sandbox does the same by itself.
     */
    private List<String> guards() throws IOException {
        List<String> words = new ArrayList<>();
        if (!wrapper.isEmpty()) {
            return words;
        }
        find("setpriv").ifPresent(it -> words.addAll(List.of(it.toString(), "--pdeathsig", "KILL")));
        Optional<Path> unshare = find("unshare");
        if (unshare.isPresent()) {
            List<String> namespace = List.of(unshare.get().toString(), "--pid", "--fork", "--kill-child=KILL");
            if (allowed(namespace)) {
                words.addAll(namespace);
            }
        }
        return words;
    }

    private boolean allowed(List<String> namespace) throws IOException {
        List<String> trial = new ArrayList<>(namespace);
        trial.add("true");
        Process process = new ProcessBuilder(trial).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return waitFor(process, trial) == 0;
    }

    /**
     * Runs two programs, the second of which reads what the first writes, and expects both to succeed.
     *
     * @throws BuildException of kind FAILED with the last lines of their output
     */
    public void pipe(Path folder, List<String> first, List<String> second) throws IOException {
        List<ProcessBuilder> builders = new ArrayList<>();
        for (List<String> command : List.of(first, second)) {
            note(command);
            List<String> resolved = new ArrayList<>(List.of(program(command.getFirst())));
            resolved.addAll(command.subList(1, command.size()));
            ProcessBuilder builder = new ProcessBuilder(resolved).directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("PATH", searchPath);
            builders.add(builder);
        }
        builders.getFirst().redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builders.getLast().redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        List<Process> processes = ProcessBuilder.startPipeline(builders);
        int last = waitFor(processes.getLast(), second);
        int status = waitFor(processes.getFirst(), first);
        if (status != 0 || last != 0) {
            throw failure(status == 0 ? second : first, status == 0 ? last : status);
        }
    }

    /**
     * Runs a program on the caller's terminal until it ends, and returns its status.
     *
     * @param folder the working directory
     * @param command the program and its arguments
     */
    public int interact(Path folder, List<String> command) throws IOException {
        List<String> resolved = new ArrayList<>(wrapper);
        resolved.add(wrapper.isEmpty() ? program(command.getFirst()) : command.getFirst());
        resolved.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(resolved).directory(folder.toFile()).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", searchPath);
        return waitFor(builder.start(), command);
    }

    /** Runs a program and returns its status and standard output, at most 16 MiB; its errors go to the log. */
    public Output capture(Path folder, List<String> command) throws IOException {
        Process process = start(List.of(), folder, command, ProcessBuilder.Redirect.PIPE, false);
        byte[] output = process.getInputStream().readNBytes(MAX_OUTPUT);
        return new Output(waitFor(process, command), new String(output, StandardCharsets.UTF_8));
    }

    /** Returns the last lines that programs printed, at most eight. */
    public String lastLines() throws IOException {
        List<String> lines = tail();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - REASON_LINES), lines.size()));
    }

    /**
     * Returns why a program failed: lines that tell an error, which others may have followed from programs that ran at
     * the same time, and the last ones.
     */
    private String reason() throws IOException {
        List<String> lines = tail();
        int last = Math.max(0, lines.size() - REASON_LINES);
        List<String> told = lines.subList(0, last).stream().filter(line -> ERROR.matcher(line).find())
                .limit(REASON_LINES / 2).toList();
        List<String> reason = new ArrayList<>(told);
        reason.addAll(lines.subList(Math.max(last, lines.size() - REASON_LINES + told.size()), lines.size()));
        return String.join("\n", reason);
    }

    private List<String> tail() throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            channel.position(Math.max(0, channel.size() - REASON_BYTES));
            ByteBuffer buffer = ByteBuffer.allocate(REASON_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            byte[] all = Arrays.copyOf(buffer.array(), buffer.position());
            return new String(all, StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith(COMMAND)).toList();
        }
    }

    private Process start(List<String> guards, Path folder, List<String> command, ProcessBuilder.Redirect output,
            boolean merge) throws IOException {
        List<String> resolved = new ArrayList<>(guards);
        resolved.addAll(wrapper);
        resolved.add(wrapper.isEmpty() ? program(command.getFirst()) : command.getFirst());
        resolved.addAll(command.subList(1, command.size()));
        note(command);
        ProcessBuilder builder = new ProcessBuilder(resolved).directory(folder.toFile()).redirectOutput(output)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        if (merge) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", searchPath);
        return builder.start();
    }

    private void note(List<String> command) throws IOException {
        Files.createDirectories(Objects.requireNonNull(log.getParent()));
        Files.writeString(log, COMMAND + String.join(" ", command) + "\n", StandardCharsets.UTF_8,
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String program(String name) {
        // A name with a slash is the place itself, seen from the working directory.
        if (name.contains("/")) {
            return name;
        }
        return find(name).map(Path::toString).orElseThrow(() -> BuildException.prerequisite("run " + name,
                "there is no program %s in %s".formatted(name, searchPath),
                "install it and run the same command again"));
    }

    private int waitFor(Process process, List<String> command) {
        try {
            if (process.waitFor(MAX_MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            stop(process);
            throw BuildException.failed("run " + command.getFirst(),
                    "it had not ended after %d minutes".formatted(MAX_MINUTES), "look at " + log);
        } catch (InterruptedException e) {
            stop(process);
            Thread.currentThread().interrupt();
            throw BuildException.failed("run " + command.getFirst(), "the build was interrupted",
                    "run the same command again: finished steps are kept");
        }
    }

    private static void stop(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private BuildException failure(List<String> command, int status) throws IOException {
        String name = String.valueOf(Path.of(command.getFirst()).getFileName());
        return BuildException.failed("run " + name, "exit status %d\n%s".formatted(status, reason()),
                "the whole output is in " + log);
    }
}
