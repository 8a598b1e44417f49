package zship.localnode.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import zship.localnode.job.CommandException;

/** Adds and removes port forwards of one container. */
final class Forwards {

    /** Code of a command whose tool failed with 1. */
    static final int TOOL_FAILED = 1001;

    private static final int LARGEST_PORT = 65535;

    private final PortTable ports;
    private final Container container;

    Forwards(PortTable ports, Container container) {
        this.ports = ports;
        this.container = container;
    }

    /** Forwards a port; fails with the node's words when any container or any other program has it. */
    void add(HostPort host, long containerPort) throws CommandException, IOException {
        if (!container.arguments().hasForwardableNic() && container.slirp().isEmpty()) {
            throw new CommandException(CommandException.FAILED, "Container doesn't have a default nic");
        }
        if (containerPort < 0 || containerPort > LARGEST_PORT) {
            throw new CommandException(TOOL_FAILED, "(ERROR): [ Error: Service out of range\n]");
        }
        ports.take(host.port(), container.id());
        boolean done = false;
        try {
            if (container.slirp().isPresent() && containerPort > 0) {
                listen(container.slirp().get(), host, (int) containerPort);
            }
            Map<String, Long> all = new LinkedHashMap<>(container.record().forwards());
            all.put(host.toString(), containerPort);
            container.update(record -> record.withForwards(all));
            done = true;
        } finally {
            if (!done) {
                ports.release(host.port(), container.id());
            }
        }
    }

    private void listen(Slirp slirp, HostPort host, int containerPort) throws CommandException, IOException {
        for (String protocol : host.effectiveProtocols()) {
            if (!slirp.forward(container.id(), protocol, host.port(), containerPort)) {
                for (String earlier : host.effectiveProtocols()) {
                    if (earlier.equals(protocol)) {
                        throw PortTable.inUse(host.port());
                    }
                    for (int number : slirp.forwards(earlier, host.port())) {
                        slirp.stopForward(number);
                    }
                }
            }
        }
    }

    /** Takes a forward away; one that is not there is fine. The container port is not compared. */
    void remove(HostPort host) throws IOException {
        Map<String, Long> all = new LinkedHashMap<>(container.record().forwards());
        if (all.remove(host.toString()) == null) {
            return;
        }
        List<Integer> numbers = new ArrayList<>();
        if (container.slirp().isPresent()) {
            for (String protocol : host.effectiveProtocols()) {
                numbers.addAll(container.slirp().get().forwards(protocol, host.port()));
            }
        }
        container.update(record -> record.withForwards(all));
        // Last, and with nothing slow after it: another container may get the port with the next command, and until then
        // its clients are refused.
        for (int number : numbers) {
            container.slirp().get().stopForward(number);
        }
        ports.release(host.port(), container.id());
    }

    /** Puts all forwards of the record in force again, for a network process that was started anew. */
    void restore() throws CommandException, IOException {
        Map<String, Long> wanted = container.record().forwards();
        container.update(record -> record.withForwards(Map.of()));
        ports.releaseAll(container.id());
        for (Map.Entry<String, Long> forward : wanted.entrySet()) {
            add(HostPort.of(forward.getKey()).orElseThrow(), forward.getValue());
        }
    }
}
