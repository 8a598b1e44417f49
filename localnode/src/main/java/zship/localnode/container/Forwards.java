package zship.localnode.container;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import zship.localnode.job.CommandException;

/** Adds and removes port forwards of one container, which the attendant serves. */
final class Forwards {

    /** Code of a command whose tool failed with 1. */
    static final int TOOL_FAILED = 1001;

    private static final int LARGEST_PORT = 65535;

    private final PortForwards served;
    private final PortTable ports;
    private final Container container;

    Forwards(NodeParts node, PortTable ports, Container container) {
        this.served = node.forwards();
        this.ports = ports;
        this.container = container;
    }

    /**
     * Forwards a port; fails with the node's words when any container or any other program has it. While the container is still
     * being made, the port is taken and {@link #begin} listens to it.
     */
    void add(HostPort host, long containerPort) throws CommandException, IOException, InterruptedException {
        container.forwarding().lockInterruptibly();
        try {
            refuseUnlessPossible(containerPort);
            ports.take(host.port(), container.id());
            boolean done = false;
            try {
                listenIfConnected(host, containerPort);
                Map<String, Long> all = new LinkedHashMap<>(container.record().forwards());
                all.put(host.toString(), containerPort);
                container.update(record -> record.withForwards(all));
                done = true;
            } finally {
                if (!done) {
                    ports.release(host.port(), container.id());
                }
            }
        } finally {
            container.forwarding().unlock();
        }
    }

    private void refuseUnlessPossible(long containerPort) throws CommandException {
        if (container.record().phase() == ContainerRecord.Phase.ENDING) {
            throw new CommandException(CommandException.NOT_FOUND, "container does not exist");
        }
        if (!container.arguments().hasForwardableNic() && container.slirp().isEmpty()) {
            throw new CommandException(CommandException.FAILED, "Container doesn't have a default nic");
        }
        if (containerPort < 0 || containerPort > LARGEST_PORT) {
            throw new CommandException(TOOL_FAILED, "(ERROR): [ Error: Service out of range\n]");
        }
    }

    /** Listens to what was added while the network was not there, then forwards these. The network has just come. */
    void begin(Map<String, Long> more) throws CommandException, IOException, InterruptedException {
        for (Map.Entry<String, Long> early : container.record().forwards().entrySet()) {
            listenIfConnected(HostPort.of(early.getKey()).orElseThrow(), early.getValue());
        }
        for (Map.Entry<String, Long> forward : more.entrySet()) {
            add(HostPort.of(forward.getKey()).orElseThrow(), forward.getValue());
        }
    }

    private void listenIfConnected(HostPort host, long containerPort)
            throws CommandException, IOException, InterruptedException {
        if (container.slirp().isPresent() && containerPort > 0) {
            listen(host, (int) containerPort);
        }
    }

    /** Listens for all protocols or for none. */
    private void listen(HostPort host, int containerPort) throws CommandException, IOException, InterruptedException {
        boolean done = false;
        try {
            for (String protocol : host.effectiveProtocols()) {
                if (!served.forward(protocol, host.port(), container, containerPort)) {
                    throw PortTable.inUse(host.port());
                }
            }
            done = true;
        } finally {
            if (!done) {
                unlisten(host);
            }
        }
    }

    private void unlisten(HostPort host) throws IOException {
        for (String protocol : host.effectiveProtocols()) {
            served.release(protocol, host.port(), container.id());
        }
    }

    /** Takes a forward away; one that is not there is fine. The container port is not compared. */
    void remove(HostPort host) throws IOException {
        container.forwarding().lock();
        try {
            Map<String, Long> all = new LinkedHashMap<>(container.record().forwards());
            if (all.remove(host.toString()) == null) {
                return;
            }
            container.update(record -> record.withForwards(all));
            unlisten(host);
            ports.release(host.port(), container.id());
        } finally {
            container.forwarding().unlock();
        }
    }

    /** Puts all forwards of the record in force again, for a network process that was started anew. */
    void restore() throws CommandException, IOException, InterruptedException {
        container.forwarding().lockInterruptibly();
        try {
            Map<String, Long> wanted = container.record().forwards();
            container.update(record -> record.withForwards(Map.of()));
            ports.releaseAll(container.id());
            for (Map.Entry<String, Long> forward : wanted.entrySet()) {
                add(HostPort.of(forward.getKey()).orElseThrow(), forward.getValue());
            }
        } finally {
            container.forwarding().unlock();
        }
    }

    /** Tells the attendant of all forwards, which may be a new one that knows of none. */
    void renew() throws CommandException, IOException, InterruptedException {
        container.forwarding().lockInterruptibly();
        try {
            if (container.slirp().isEmpty()) {
                return;
            }
            for (Map.Entry<String, Long> forward : container.record().forwards().entrySet()) {
                listenIfConnected(HostPort.of(forward.getKey()).orElseThrow(), forward.getValue());
            }
        } finally {
            container.forwarding().unlock();
        }
    }
}
