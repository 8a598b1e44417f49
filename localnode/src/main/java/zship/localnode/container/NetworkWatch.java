package zship.localnode.container;

import java.io.IOException;
import java.util.Optional;

import zship.localnode.job.CommandException;
import zship.localnode.process.ProcessMark;

/**
 * Starts the network of a container again when its process was killed, and puts its forwards in force again when the attendant
 * that served them was.
 */
final class NetworkWatch {

    private static final System.Logger LOG = System.getLogger(NetworkWatch.class.getName());

    private final NodeParts node;
    private final PortTable ports;
    private final Container container;
    private Optional<ProcessMark> told;
    private boolean lost;

    NetworkWatch(NodeParts node, PortTable ports, Container container) {
        this.node = node;
        this.ports = ports;
        this.container = container;
        this.told = node.attendant().process();
    }

    /** Looks once. What cannot be mended is in the log, and the container goes on without. */
    void look() throws InterruptedException {
        reviveNetwork();
        renewForwards();
    }

    /** Whoever takes an interface away, or ends the container, ends that process too, and holds the lock meanwhile. */
    private void reviveNetwork() throws InterruptedException {
        if (lost || !isDead()) {
            return;
        }
        container.forwarding().lockInterruptibly();
        try {
            if (!container.isRunning() || !isDead()) {
                return;
            }
            new ContainerNetwork(node, container).revive(ports);
            LOG.log(System.Logger.Level.WARNING, "container {0}: its network had ended and was started again",
                    Integer.toString(container.id()));
        } catch (CommandException | IOException broken) {
            lost = true;
            LOG.log(System.Logger.Level.ERROR, "container {0} has lost its network: {1}",
                    Integer.toString(container.id()), broken.getMessage());
        } finally {
            container.forwarding().unlock();
        }
    }

    private boolean isDead() {
        return container.slirp().filter(slirp -> !slirp.isAlive()).isPresent();
    }

    private void renewForwards() throws InterruptedException {
        Optional<ProcessMark> serving = node.attendant().process();
        if (container.record().forwards().isEmpty() || serving.equals(told) && node.attendant().isAlive()) {
            return;
        }
        try {
            new Forwards(node, ports, container).renew();
        } catch (CommandException taken) {
            LOG.log(System.Logger.Level.ERROR, "container {0}: {1}", Integer.toString(container.id()), taken.text());
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.ERROR, "container {0}: its ports are not forwarded: {1}",
                    Integer.toString(container.id()), broken.getMessage());
        }
        told = node.attendant().process();
    }
}
