package zship.localnode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import zship.localnode.process.JavaProgram;

/** A node in a process of its own, which can be killed. */
final class NodeProcess implements AutoCloseable {
    private final Process process;
    private final NodeState state;

    private NodeProcess(Process process, NodeState state) {
        this.process = process;
        this.state = state;
    }

    /** Runs in the other process: starts the node, says so, and waits for the end of its input. */
    public static void main(String[] arguments) throws IOException {
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(Path.of(arguments[0])))) {
            System.out.println("ready " + node.state().pid());
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    static NodeProcess start(Path folder) throws IOException {
        return start(folder, List.of());
    }

    /** The same by way of another program. */
    static NodeProcess start(Path folder, List<String> wrapper) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(JavaProgram.command(NodeProcess.class.getName(), List.of()));
        command.add(folder.toString());
        Process process = new ProcessBuilder(command)
                .redirectError(Files.createDirectories(folder).resolve("node.log").toFile()).start();
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Optional<NodeState> state = NodeState.read(folder);
            if (line.startsWith("ready ") && state.isPresent()) {
                return new NodeProcess(process, state.get());
            }
        }
        throw new IOException("the node did not start: " + Files.readString(folder.resolve("node.log")));
    }

    NodeState state() {
        return state;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
