package zship.localnode.container;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.localnode.job.CommandException;

/**
 * The network interfaces of one container. The default one is slirp4netns's; all others fail as on a node that lacks what they
 * need, and stay in the list with the state {@code error}.
 */
final class ContainerNetwork {

    private final NodeParts node;
    private final Container container;

    ContainerNetwork(NodeParts node, Container container) {
        this.node = node;
        this.container = container;
    }

    /** Attaches what the container was created with; the first that fails ends the creation. */
    void attachPlanned() throws CommandException, IOException, InterruptedException {
        if (container.arguments().hostNetwork()) {
            return;
        }
        for (int index = 0; index < container.record().nics().size(); index++) {
            attach(index);
        }
    }

    /** Adds an interface to a running container; forwards that were waiting for it are listened to. */
    void add(Nic nic, PortTable ports) throws CommandException, IOException, InterruptedException {
        container.forwarding().lockInterruptibly();
        try {
            container.update(record -> record.withNic(AttachedNic.planned(nic)));
            attach(container.record().nics().size() - 1);
            if (nic.isDefault()) {
                append("/etc/resolv.conf", "\nnameserver " + Slirp.NAME_SERVER + "\n");
                new Forwards(node, ports, container).begin(Map.of());
            }
        } finally {
            container.forwarding().unlock();
        }
    }

    private void attach(int index) throws CommandException, IOException, InterruptedException {
        Nic nic = container.record().nics().get(index).nic();
        boolean done = false;
        try {
            NicValidation.refuseUnlessDefault(nic);
            Slirp slirp = Slirp.start(node.tools(), container.directory().path(), container.initPid(), named(index));
            container.update(record -> record.withSlirp(Optional.of(slirp.process())));
            done = true;
        } finally {
            String state = done ? AttachedNic.CONFIGURED : AttachedNic.ERROR;
            container.update(record -> record.withNicState(index, state));
        }
    }

    private Slirp.Interface named(int index) {
        Nic nic = container.record().nics().get(index).nic();
        return new Slirp.Interface(container.id(), nic.name().isEmpty() ? "eth" + index : nic.name());
    }

    /** Removes an interface; it stays in the list, and so do the forwards, as on a node. */
    void remove(int index) throws CommandException, IOException {
        container.forwarding().lock();
        try {
            AttachedNic nic = container.record().nics().get(index);
            if (!nic.state().equals(AttachedNic.CONFIGURED)) {
                throw new CommandException(CommandException.PRECONDITION, "nic is in '" + nic.state() + "' state");
            }
            node.forwards().close(container.id());
            container.slirp().ifPresent(Slirp::stop);
            container.update(record -> record.withSlirp(Optional.empty()).withNicState(index, AttachedNic.DESTROYED));
        } finally {
            container.forwarding().unlock();
        }
    }

    /** Starts the network process of a container again, when it has one and that has died, with its forwards. */
    void revive(PortTable ports) throws CommandException, IOException, InterruptedException {
        List<AttachedNic> nics = container.record().nics();
        for (int index = 0; index < nics.size(); index++) {
            boolean needed = nics.get(index).nic().isDefault()
                    && nics.get(index).state().equals(AttachedNic.CONFIGURED);
            if (needed && container.slirp().filter(Slirp::isAlive).isEmpty()) {
                Slirp slirp = Slirp.start(node.tools(), container.directory().path(), container.initPid(),
                        named(index));
                container.update(record -> record.withSlirp(Optional.of(slirp.process())));
                new Forwards(node, ports, container).restore();
            }
        }
    }

    private void append(String file, String text) throws IOException {
        try (FileChannel channel = container.files().appendTo(file)) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), channel.size());
        }
    }

    /** The forwards that a container was created with, and those added since then. */
    void forward(PortTable ports) throws CommandException, IOException, InterruptedException {
        if (container.slirp().isPresent()) {
            new Forwards(node, ports, container).begin(container.arguments().port().orElse(Map.of()));
        }
    }
}
