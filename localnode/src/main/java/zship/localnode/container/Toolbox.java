package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import zship.localnode.process.Tool;

/**
 * The programs of the system that make a container.
 *
 * @param environment environment they run with; its PATH finds them
 * @param catatonit   path of the small init that is process 1 of every container
 * @param rootless    whether they run in a user namespace: without control groups, and unable to make device nodes
 */
record Toolbox(Map<String, String> environment, Path catatonit, boolean rootless) {

    /**
     * Options of a mount with a writable layer over other files. In a user namespace the layer's marks are kept in attributes
     * of users, as those of the system may not be written (overlayfs of Linux, {@code userxattr}, since 5.11).
     */
    List<String> overlay(String lower, String upper, String work) {
        List<String> options = new ArrayList<>(List.of("lowerdir=" + lower, "upperdir=" + upper, "workdir=" + work));
        if (rootless) {
            options.add("userxattr");
        }
        return options;
    }

    /** Runs one; its output is the reason when it fails. */
    void run(String... command) throws IOException, InterruptedException {
        runIn(Path.of("/"), command);
    }

    /** Runs one in that directory. */
    void runIn(Path directory, String... command) throws IOException, InterruptedException {
        Tool.Outcome outcome = Tool.run(environment, directory, List.of(command));
        if (!outcome.succeeded()) {
            throw new IOException(command[0] + " failed: " + lastLine(outcome.output()));
        }
    }

    /** Runs one that may fail. */
    Tool.Outcome attempt(String... command) throws IOException, InterruptedException {
        return Tool.run(environment, Path.of("/"), List.of(command));
    }

    /** A process that outlives this one: it gets a session of its own. */
    ProcessBuilder background(List<String> command) {
        List<String> whole = new ArrayList<>();
        whole.add("setsid");
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder;
    }

    private static String lastLine(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "no reason given" : lines.getLast();
    }
}
