package zship.localnode.forward;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.ProcessMark;

/**
 * The TCP ports of 127.0.0.1 that lead into containers. One that is taken away from a container stays open for a moment: its
 * connections wait, and when it is given to another container in that time, none of them is lost.
 */
public final class ForwardedPorts {

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SocketSource sockets;
    private final Duration grace;
    private final Map<Integer, Listener> listeners = new HashMap<>();

    /**
     * None yet.
     *
     * @param sockets reach the containers
     */
    public ForwardedPorts(SocketSource sockets) {
        this(sockets, GRACE);
    }

    /** With another time for which a port that leads nowhere stays open. */
    ForwardedPorts(SocketSource sockets, Duration grace) {
        this.sockets = sockets;
        this.grace = grace;
    }

    /**
     * Makes {@code hostPort} lead to {@code containerPort} of {@code address} in the network of {@code container}, whose process 1
     * is {@code init}, wherever it led before. The answer says {@code taken} when another program has the port, {@code refused} with
     * the reason when it cannot be opened.
     */
    public synchronized JsonNode forward(JsonNode question) {
        int port = port(question);
        Target target = new Target(container(question),
                new ProcessMark(question.path("init").path("pid").asLong(),
                        question.path("init").path("start").asString()),
                new InetSocketAddress(InetAddress.ofLiteral(question.path("address").asString()),
                        question.path("containerPort").asInt()));
        try {
            Listener listener = listeners.get(port);
            if (listener == null) {
                listeners.put(port, Listener.open(port, sockets, target));
            } else {
                listener.lead(target);
            }
            return answer();
        } catch (BindException taken) {
            return answer().put("taken", true);
        } catch (IOException broken) {
            return answer().put("refused", String.valueOf(broken.getMessage()));
        }
    }

    /** Takes {@code hostPort} away from {@code container}, if it leads there; it is closed unless it leads elsewhere soon. */
    public synchronized JsonNode release(JsonNode question) {
        int port = port(question);
        Optional<Listener> listener = Optional.ofNullable(listeners.get(port))
                .filter(open -> open.leadsTo(container(question)));
        if (listener.isPresent()) {
            int pause = listener.get().pause();
            Thread.ofVirtual().name("grace of port " + port).start(() -> expire(listener.get(), pause));
        }
        return answer();
    }

    private void expire(Listener listener, int pause) {
        try {
            Thread.sleep(grace);
            close((port, open) -> open == listener && open.isIn(pause));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes all ports of {@code container} at once; connections go on until the container ends them. */
    public JsonNode close(JsonNode question) {
        int container = container(question);
        close((port, listener) -> listener.leadsTo(container));
        return answer();
    }

    /** Closes all ports but those in the list {@code ports}: those that an earlier node had and this one does not. */
    public JsonNode keep(JsonNode question) {
        Set<Integer> wanted = new HashSet<>();
        question.path("ports").forEach(port -> wanted.add(port.asInt()));
        close((port, listener) -> !wanted.contains(port));
        return answer();
    }

    private synchronized void close(BiPredicate<Integer, Listener> which) {
        listeners.entrySet().removeIf(entry -> {
            boolean ends = which.test(entry.getKey(), entry.getValue());
            if (ends) {
                entry.getValue().close();
            }
            return ends;
        });
    }

    /** Whether one of them leads into a container that lives. */
    public synchronized boolean areUsed() {
        return listeners.values().stream().flatMap(listener -> listener.target().stream())
                .anyMatch(target -> target.init().isAlive());
    }

    private static int port(JsonNode question) {
        return question.path("hostPort").asInt();
    }

    private static int container(JsonNode question) {
        return question.path("container").asInt();
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }
}
