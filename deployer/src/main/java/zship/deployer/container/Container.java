package zship.deployer.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

import zship.flist.Secret;

/**
 * A container as a node reports it.
 *
 * @param id its number on the node
 * @param name its name, possibly empty and not necessarily unique
 * @param pid its first process on the node; 0 when it is only half created, or stuck
 * @param source where its files come from
 * @param connections its ports and interfaces
 * @param labels its environment and tags
 */
public record Container(int id, String name, long pid, Source source, Connections connections, Labels labels) {

    /**
     * Where a container's files come from, and its resources.
     *
     * @param flist the root flist
     * @param storage the chunk store in use
     * @param hostname the host name given, possibly empty
     * @param residentBytes memory in use; 0 when not reported
     */
    public record Source(String flist, String storage, String hostname, long residentBytes) {
    }

    /**
     * A container's environment and tags.
     *
     * @param tags its tags
     * @param environment its variables; the values may be secrets and are treated so
     */
    public record Labels(List<String> tags, Map<String, Secret> environment) {

        /** Copies the collections. */
        public Labels {
            tags = List.copyOf(tags);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * How a container is connected.
     *
     * @param ports ports of the node that lead into it, as the node reports them
     * @param nics its interfaces by index, removed ones included
     * @param host whether it shares the node's own network
     * @param identity its ZeroTier identity, if it was given one
     */
    public record Connections(Map<String, Integer> ports, List<Interface> nics, boolean host,
            Optional<Secret> identity) {

        /** Copies the collections. */
        public Connections {
            ports = Map.copyOf(ports);
            nics = List.copyOf(nics);
        }
    }

    /**
     * An interface as a node reports it.
     *
     * @param index its number, by which it is removed
     * @param type what it is connected to, such as {@code default} or {@code bridge}
     * @param id the bridge, network or link it is connected to; empty for the default network
     * @param name its name in the container; empty for {@code eth<index>}
     * @param state {@code configured}, {@code error} or {@code destroyed}; {@code unknown} or empty before its set-up
     */
    public record Interface(int index, String type, String id, String name, String state) {
    }

    /** Ports of the node that lead into it, as the node reports them. */
    public Map<String, Integer> ports() {
        return connections.ports();
    }

    /** Its interfaces by index, removed ones included. */
    public List<Interface> nics() {
        return connections.nics();
    }

    /** Its tags. */
    public List<String> tags() {
        return labels.tags();
    }

    /** Whether its first process exists; a half-created or stuck container has none. */
    public boolean started() {
        return pid > 0;
    }

    /** The value of a tag of the form {@code key=value}. */
    public Optional<String> tag(String key) {
        return tags().stream().filter(t -> t.startsWith(key + "=")).map(t -> t.substring(key.length() + 1))
                .findFirst();
    }

    /** Whether this port number of the node leads into it. */
    public boolean holdsPort(int port) {
        return portsByNumber().containsKey(port);
    }

    /** The ports of the node that lead into it, by number, without source and protocol. */
    public Map<Integer, Integer> portsByNumber() {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        ports().forEach((host, container) -> {
            String digits = host.substring(host.lastIndexOf(':') + 1).replaceFirst("\\|.*", "");
            if (digits.matches("[0-9]{1,5}")) {
                numbers.put(Integer.parseInt(digits), container);
            }
        });
        return numbers;
    }

    /** {@code name (id)}, for messages. */
    public String label() {
        return name.isEmpty() ? "container " + id : name + " (container " + id + ")";
    }

    /**
     * Reads one value of {@code corex.list}, {@code corex.find} or {@code corex.get}.
     *
     * @param id the container's number
     * @param json the object around {@code container}
     */
    static Container parse(int id, JsonNode json) {
        JsonNode container = json.path("container");
        JsonNode arguments = container.path("arguments");
        List<String> tags = new ArrayList<>();
        arguments.path("tags").forEach(tag -> tags.add(tag.asString("")));
        Map<String, Secret> environment = new LinkedHashMap<>();
        arguments.path("env").forEachEntry((name, value) -> environment.put(name, Secret.of(value.asString(""))));
        Map<String, Integer> ports = new LinkedHashMap<>();
        arguments.path("port").forEachEntry((host, port) -> ports.put(host, port.asInt(0)));
        Source source = new Source(arguments.path("root").asString(""), arguments.path("storage").asString(""),
                arguments.path("hostname").asString(""), json.path("rss").asLong(0));
        return new Container(id, arguments.path("name").asString(""), container.path("pid").asLong(0), source,
                connections(arguments, ports), new Labels(tags, environment));
    }

    private static Connections connections(JsonNode arguments, Map<String, Integer> ports) {
        Optional<Secret> identity = Optional.of(arguments.path("identity").asString("")).filter(id -> !id.isEmpty())
                .map(Secret::of);
        return new Connections(ports, nics(arguments.path("nics")), arguments.path("host_network").asBoolean(false),
                identity);
    }

    private static List<Interface> nics(JsonNode json) {
        List<Interface> nics = new ArrayList<>();
        json.forEach(nic -> nics.add(new Interface(nics.size(), nic.path("type").asString(""),
                nic.path("id").asString(""), nic.path("name").asString(""), nic.path("state").asString(""))));
        return nics;
    }
}
