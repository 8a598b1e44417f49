package zship.localnode.container;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import zship.localnode.process.Signals;

/** The processes of containers do not run while this is open. */
final class Standstill implements AutoCloseable {

    private static final int CONTINUE = 18;
    private static final int STOP = 19;

    private final NodeParts node;
    private final Deque<Container> stopped = new ArrayDeque<>();

    private Standstill(NodeParts node) {
        this.node = node;
    }

    /** Stops them all, or none when one cannot be stopped; one that has ended meanwhile needs not be. */
    static Standstill of(NodeParts node, List<Container> containers) throws IOException, InterruptedException {
        Standstill still = new Standstill(node);
        boolean done = false;
        try {
            for (Container container : containers) {
                still.stop(container);
            }
            done = true;
            return still;
        } finally {
            if (!done) {
                still.close();
            }
        }
    }

    /** The runtime freezes a control group. Where there is none, signals do it, until no process has come anew. */
    private void stop(Container container) throws IOException, InterruptedException {
        if (node.tools().rootless()) {
            stopped.push(container);
            List<Long> known = List.of();
            for (List<Long> now = pids(container); !now.equals(known); now = pids(container)) {
                now.forEach(pid -> Signals.toProcess(pid, STOP));
                known = now;
            }
            return;
        }
        try {
            node.runc().pause(node.runtimeName(container.id()));
            stopped.push(container);
        } catch (IOException refused) {
            if (container.isRunning()) {
                throw refused;
            }
        }
    }

    /** Ends one that a node began whose process was killed meanwhile. */
    static void endOf(NodeParts node, Container container) throws IOException, InterruptedException {
        if (node.tools().rootless() || node.runc().isPaused(node.runtimeName(container.id()))) {
            new Standstill(node).resume(container);
        }
    }

    private static List<Long> pids(Container container) {
        return container.processes().pids();
    }

    /** Lets all go on, also when one cannot, or when whoever kept them still was interrupted. */
    @Override
    public void close() throws IOException, InterruptedException {
        boolean interrupted = Thread.interrupted();
        List<IOException> problems = new ArrayList<>();
        while (!stopped.isEmpty()) {
            Container container = stopped.pop();
            try {
                resume(container);
            } catch (IOException refused) {
                problems.add(refused);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!problems.isEmpty()) {
            throw problems.getFirst();
        }
    }

    private void resume(Container container) throws IOException, InterruptedException {
        if (node.tools().rootless()) {
            pids(container).forEach(pid -> Signals.toProcess(pid, CONTINUE));
            return;
        }
        try {
            node.runc().resume(node.runtimeName(container.id()));
        } catch (IOException refused) {
            if (container.isRunning()) {
                throw refused;
            }
        }
    }
}
