package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import zship.localnode.job.GoJson;
import zship.localnode.process.Tool;

/** The container runtime: creates, starts and removes what is described by a bundle's {@code config.json}. */
final class Runc {

    private final Toolbox tools;
    private final String state;

    /** A runtime that keeps its own state in that folder. */
    Runc(Toolbox tools, Path state) {
        this.tools = tools;
        this.state = state.toString();
    }

    /** Makes the namespaces and process 1, which waits; returns its id on this machine. */
    long create(String name, Path bundle) throws IOException, InterruptedException {
        Path pidFile = bundle.resolve("init.pid");
        Path log = bundle.resolve("runc.log");
        Process process = tools.background(List.of("runc", "--root", state, "create", "--bundle", bundle.toString(),
                "--pid-file", pidFile.toString(), name)).directory(bundle.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("runc create failed: " + lastLine(log));
        }
        return Long.parseLong(Files.readString(pidFile).strip());
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log).stream().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "no reason given" : lines.getLast();
    }

    /** Lets process 1 go. */
    void start(String name) throws IOException, InterruptedException {
        tools.run("runc", "--root", state, "start", name);
    }

    /** Stops all its processes where they are. */
    void pause(String name) throws IOException, InterruptedException {
        tools.run("runc", "--root", state, "pause", name);
    }

    /** Whether it was stopped. */
    boolean isPaused(String name) throws IOException, InterruptedException {
        Tool.Outcome outcome = tools.attempt("runc", "--root", state, "state", name);
        return outcome.succeeded() && GoJson.read(outcome.output())
                .filter(container -> container.path("status").asString("").equals("paused")).isPresent();
    }

    /** Lets them go on. */
    void resume(String name) throws IOException, InterruptedException {
        tools.run("runc", "--root", state, "resume", name);
    }

    /** Kills everything in it and removes it; one that does not exist is fine. */
    void delete(String name) throws IOException, InterruptedException {
        Tool.Outcome outcome = tools.attempt("runc", "--root", state, "delete", "--force", name);
        if (!outcome.succeeded() && !outcome.output().contains("does not exist")) {
            throw new IOException("runc delete failed: " + outcome.output());
        }
    }

    /** A process that enters the container and runs what the process file says, until that ends. */
    ProcessBuilder exec(String name, Path processFile, Path pidFile) {
        return tools.background(List.of("runc", "--root", state, "exec", "--process", processFile.toString(),
                "--pid-file", pidFile.toString(), name));
    }
}
