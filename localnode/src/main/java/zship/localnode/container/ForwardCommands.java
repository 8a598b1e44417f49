package zship.localnode.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * The commands {@code socat.*}, which show the port forwards as the address translation rules that a node has for them, and
 * {@code nft.*}, which keep a list of open ports: the local node listens on 127.0.0.1 only and closes nothing.
 */
final class ForwardCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();
    private static final int FIRST_FREE = 1024;
    private static final int LARGEST_PORT = 65535;
    private static final long RESERVED_MILLIS = 120_000;
    private static final int MARK = 0x01000000;
    private static final int MOST_RULES = 1000;
    private static final String API_RULE = "tcp dport 6379 accept";
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z_].*");

    private final Containers containers;
    private final Clock clock;
    private final Map<Integer, Long> reserved = new HashMap<>();
    private final List<String> opened = new ArrayList<>(List.of(API_RULE));

    ForwardCommands(Containers containers, Clock clock) {
        this.containers = containers;
        this.clock = clock;
    }

    Map<String, Builtin> all() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("socat.list", arguments -> list());
        all.put("socat.reserve", this::reserve);
        all.put("nft.list", arguments -> rules());
        all.put("nft.rule_exists", this::ruleExists);
        all.put("nft.open_port", this::openPort);
        all.put("nft.drop_port", this::dropPort);
        return all;
    }

    private JsonNode list() {
        ArrayNode rules = GoJson.nodes().arrayNode();
        for (Container container : containers.list()) {
            container.record().forwards().entrySet().stream()
                    .sorted(Comparator
                            .comparing(forward -> HostPort.of(forward.getKey()).map(HostPort::port).orElse(0)))
                    .forEach(forward -> HostPort.of(forward.getKey())
                            .ifPresent(host -> translations(container.id(), host, forward.getValue(), rules)));
        }
        return rules.isEmpty() ? NULL : rules;
    }

    private static void translations(int container, HostPort host, long containerPort, ArrayNode rules) {
        String filter = host.address().isEmpty()
                ? ""
                : INTERFACE.matcher(host.address()).matches()
                        ? "iifname \"" + host.address() + "\" "
                        : "ip saddr " + host.address() + " ";
        for (String protocol : host.effectiveProtocols()) {
            rules.add("ip daddr @host " + filter + protocol + " dport " + host.port()
                    + String.format(" mark set 0x%08x dnat to ", MARK + container)
                    + Slirp.Interface.address(container) + ":" + containerPort);
        }
    }

    private synchronized JsonNode reserve(Arguments arguments) throws CommandException {
        long number = arguments.number("number", 0, LARGEST_PORT, "int");
        if (number == 0) {
            throw new CommandException(CommandException.BAD_REQUEST, "reseve number cannot be zero");
        }
        long now = clock.millis();
        reserved.values().removeIf(until -> until < now);
        ArrayNode ports = GoJson.nodes().arrayNode();
        for (int port = FIRST_FREE; port <= LARGEST_PORT && ports.size() < number; port++) {
            if (!reserved.containsKey(port) && containers.ports().owner(port).isEmpty() && isFree(port)) {
                reserved.put(port, now + RESERVED_MILLIS);
                ports.add(port);
            }
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private synchronized JsonNode rules() {
        ArrayNode list = GoJson.nodes().arrayNode();
        opened.forEach(list::add);
        return list;
    }

    private static String rule(Arguments arguments) throws CommandException {
        String name = arguments.text("interface");
        String subnet = arguments.text("subnet");
        return (name.isEmpty() ? "" : "iifname \"" + name + "\" ")
                + (subnet.isEmpty() ? "" : "ip saddr " + subnet + " ")
                + "tcp dport " + port(arguments) + " accept";
    }

    private static long port(Arguments arguments) throws CommandException {
        return arguments.number("port", 0, LARGEST_PORT, "int");
    }

    private synchronized JsonNode ruleExists(Arguments arguments) throws CommandException {
        return GoJson.nodes().booleanNode(opened.contains(rule(arguments)));
    }

    private synchronized JsonNode openPort(Arguments arguments) throws CommandException {
        String rule = rule(arguments);
        if (opened.contains(rule)) {
            throw new CommandException(CommandException.FAILED, "rule already exists for port: " + port(arguments));
        }
        if (opened.size() >= MOST_RULES) {
            throw new CommandException(CommandException.UNAVAILABLE, "there are " + MOST_RULES + " rules already");
        }
        opened.add(rule);
        return NULL;
    }

    private synchronized JsonNode dropPort(Arguments arguments) throws CommandException {
        opened.remove(rule(arguments));
        return NULL;
    }
}
