package zship.localnode.container;

import java.io.IOException;
import java.util.Optional;

import zship.localnode.job.CommandException;
import zship.localnode.process.ProcessMark;

/** Puts the forwards of a container in force again when the attendant that served them was killed. */
final class ForwardWatch {

    private static final System.Logger LOG = System.getLogger(ForwardWatch.class.getName());

    private final NodeParts node;
    private final PortTable ports;
    private final Container container;
    private Optional<ProcessMark> told;

    ForwardWatch(NodeParts node, PortTable ports, Container container) {
        this.node = node;
        this.ports = ports;
        this.container = container;
        this.told = node.attendant().process();
    }

    /** Looks once. What cannot be mended is in the log, and the container goes on without. */
    void look() throws InterruptedException {
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
