package zship.localnode.container;

import java.io.IOException;
import java.util.Collection;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.attendant.Attendant;
import zship.localnode.process.ProcessMark;

/** The ports of 127.0.0.1 that lead into containers, which the node's attendant serves. */
final class PortForwards {

    private static final System.Logger LOG = System.getLogger(PortForwards.class.getName());

    private final Attendant attendant;

    PortForwards(Attendant attendant) {
        this.attendant = attendant;
    }

    /** Makes a port lead into a container, wherever it led before; false when another program has it. */
    boolean forward(String protocol, int port, Container container, int containerPort)
            throws IOException, InterruptedException {
        attendant.require();
        ProcessMark init = container.record().init().orElseThrow(() -> new IOException("the container has ended"));
        ObjectNode question = question("forward", container.id()).put("protocol", protocol).put("hostPort", port)
                .put("address", Slirp.Interface.address(container.id())).put("containerPort", containerPort);
        question.putObject("init").put("pid", init.pid()).put("start", init.start());
        JsonNode answer = attendant.ask(question);
        if (answer.has("refused")) {
            throw new IOException(answer.path("refused").asString());
        }
        return !answer.has("taken");
    }

    /** Takes a port away from a container. One of TCP stays open for a second, for another container to get it. */
    void release(String protocol, int port, int container) throws IOException {
        if (attendant.isAlive()) {
            attendant.ask(question("release", container).put("protocol", protocol).put("hostPort", port));
        }
    }

    /** Closes the ports of a container at once. */
    void close(int container) {
        tell(question("close", container));
    }

    /** Closes all ports but these. */
    void keep(Collection<Integer> ports) {
        ObjectNode question = Attendant.question("keep");
        ArrayNode list = question.putArray("ports");
        ports.forEach(list::add);
        tell(question);
    }

    /** One that has ended meanwhile has closed them. */
    private void tell(ObjectNode question) {
        try {
            if (attendant.isAlive()) {
                attendant.ask(question);
            }
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.WARNING, "the attendant does not answer: {0}", gone.getMessage());
        }
    }

    private static ObjectNode question(String what, int container) {
        return Attendant.question(what).put("container", container);
    }
}
