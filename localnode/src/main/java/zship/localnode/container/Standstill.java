package zship.localnode.container;

import java.io.IOException;
import java.util.List;

import zship.localnode.process.Signals;

/** The processes of a container do not run while this is open. */
final class Standstill implements AutoCloseable {

    private static final int CONTINUE = 18;
    private static final int STOP = 19;

    private final NodeParts node;
    private final Container container;

    private Standstill(NodeParts node, Container container) {
        this.node = node;
        this.container = container;
    }

    /** The runtime freezes a control group. Where there is none, signals do it, until no process has come anew. */
    static Standstill of(NodeParts node, Container container) throws IOException, InterruptedException {
        Standstill still = new Standstill(node, container);
        if (!node.tools().rootless()) {
            node.runc().pause(node.runtimeName(container.id()));
            return still;
        }
        List<Long> stopped = List.of();
        for (List<Long> now = still.pids(); !now.equals(stopped); now = still.pids()) {
            now.forEach(pid -> Signals.toProcess(pid, STOP));
            stopped = now;
        }
        return still;
    }

    /** Ends one that a node began whose process was killed meanwhile. */
    static void endOf(NodeParts node, Container container) throws IOException, InterruptedException {
        if (node.tools().rootless() || node.runc().isPaused(node.runtimeName(container.id()))) {
            new Standstill(node, container).close();
        }
    }

    private List<Long> pids() {
        return container.processes().pids();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (node.tools().rootless()) {
            pids().forEach(pid -> Signals.toProcess(pid, CONTINUE));
        } else {
            node.runc().resume(node.runtimeName(container.id()));
        }
    }
}
