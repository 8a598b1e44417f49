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
 * The TCP and UDP ports of 127.0.0.1 that lead into containers. One of TCP that is taken away from a container stays open for a
 * moment: its connections wait, and when it is given to another container in that time, none of them is lost.
 */
public final class ForwardedPorts {

    private static final String TCP = "tcp";
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SocketSource sockets;
    private final Duration grace;
    private final Map<Place, OpenPort> open = new HashMap<>();

    private record Place(String protocol, int port) {

        static Place of(JsonNode question) {
            return new Place(question.path("protocol").asString(TCP), question.path("hostPort").asInt());
        }

        boolean isForDatagrams() {
            return !protocol.equals(TCP);
        }
    }

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
     * Makes {@code hostPort} of {@code protocol} ({@code tcp} or {@code udp}) lead to {@code containerPort} of {@code address} in the network of {@code container}, whose process 1
     * is {@code init}, wherever it led before. The answer says {@code taken} when another program has the port, {@code refused} with
     * the reason when it cannot be opened.
     */
    public synchronized JsonNode forward(JsonNode question) {
        Place place = Place.of(question);
        Target target = new Target(container(question),
                new ProcessMark(question.path("init").path("pid").asLong(),
                        question.path("init").path("start").asString()),
                new InetSocketAddress(InetAddress.ofLiteral(question.path("address").asString()),
                        question.path("containerPort").asInt()));
        try {
            OpenPort there = open.get(place);
            if (there == null) {
                open.put(place, place.isForDatagrams()
                        ? DatagramListener.open(place.port(), sockets, target)
                        : Listener.open(place.port(), sockets, target));
            } else {
                there.lead(target);
            }
            return answer();
        } catch (BindException taken) {
            return answer().put("taken", true);
        } catch (IOException broken) {
            return answer().put("refused", String.valueOf(broken.getMessage()));
        }
    }

    /**
     * Takes {@code hostPort} of {@code protocol} away from {@code container}, if it leads there. One of UDP is closed at once, as
     * nobody waits there; the other unless it leads elsewhere soon.
     */
    public synchronized JsonNode release(JsonNode question) {
        Place place = Place.of(question);
        Optional<OpenPort> there = Optional.ofNullable(open.get(place))
                .filter(port -> port.leadsTo(container(question)));
        if (there.isPresent() && place.isForDatagrams()) {
            close((other, port) -> port == there.get());
        } else if (there.isPresent()) {
            int pause = there.get().pause();
            Thread.ofVirtual().name("grace of port " + place.port()).start(() -> expire(there.get(), pause));
        }
        return answer();
    }

    private void expire(OpenPort there, int pause) {
        try {
            Thread.sleep(grace);
            close((place, port) -> port == there && port.isIn(pause));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes all ports of {@code container} at once; connections go on until the container ends them. */
    public JsonNode close(JsonNode question) {
        int container = container(question);
        close((place, port) -> port.leadsTo(container));
        return answer();
    }

    /** Closes all ports but those in the list {@code ports}: those that an earlier node had and this one does not. */
    public JsonNode keep(JsonNode question) {
        Set<Integer> wanted = new HashSet<>();
        question.path("ports").forEach(port -> wanted.add(port.asInt()));
        close((place, port) -> !wanted.contains(place.port()));
        return answer();
    }

    private synchronized void close(BiPredicate<Place, OpenPort> which) {
        open.entrySet().removeIf(entry -> {
            boolean ends = which.test(entry.getKey(), entry.getValue());
            if (ends) {
                entry.getValue().close();
            }
            return ends;
        });
    }

    /** Whether one of them leads into a container that lives. */
    public synchronized boolean areUsed() {
        return open.values().stream().flatMap(port -> port.target().stream())
                .anyMatch(target -> target.init().isAlive());
    }

    private static int container(JsonNode question) {
        return question.path("container").asInt();
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }
}
