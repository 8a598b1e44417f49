package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * What {@code corex.create} was given. Maps and lists that may be null on the wire are optional here, because lists show the
 * difference between null and empty.
 *
 * @param root        where the flist is
 * @param mount       source on the node, or flist URL, to path in the container
 * @param hostNetwork whether the container shares the node's network
 * @param identity    ZeroTier identity, without effect
 * @param nics        network interfaces
 * @param port        host port as text to container port
 * @param privileged  whether nothing is held back
 * @param hostname    host name; empty for the default one
 * @param storage     chunk store; empty for the node's own
 * @param name        name; empty for none
 * @param tags        tags of the command
 * @param env         environment
 * @param cgroups     pairs of subsystem and name
 * @param config      files to write over the root
 */
record ContainerArguments(String root, Optional<Map<String, String>> mount, boolean hostNetwork, String identity,
        Optional<List<Nic>> nics, Optional<Map<String, Long>> port, boolean privileged, String hostname,
        String storage, String name, Optional<List<String>> tags, Optional<Map<String, String>> env,
        Optional<List<List<String>>> cgroups, Optional<Map<String, String>> config) {

    private static final String TYPE = "ContainerCreateArguments";
    private static final String GO_TYPE = "containers." + TYPE;
    static final List<String> DEVICES = List.of("devices", "corex");

    /** Reads them; complaints are those of the node. */
    static ContainerArguments of(Arguments given) throws CommandException {
        given.as(GO_TYPE, CommandException.BAD_REQUEST).object();
        Arguments a = given.as(TYPE, CommandException.BAD_REQUEST);
        return new ContainerArguments(a.text("root"), texts(a, "mount"), a.flag("host_network"), a.text("identity"),
                nics(a), ports(a), a.flag("privileged"), a.text("hostname"), a.text("storage"), a.text("name"),
                given.command().tags(), texts(a, "env"), pairs(a), texts(a, "config"));
    }

    private static Optional<Map<String, String>> texts(Arguments a, String name) throws CommandException {
        Optional<JsonNode> value = a.field(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object(a, name, value.get(), "map[string]string").properties()) {
            map.put(entry.getKey(), a.text(name, entry.getValue()));
        }
        return Optional.of(map);
    }

    private static Optional<Map<String, Long>> ports(Arguments a) throws CommandException {
        Optional<JsonNode> value = a.field("port");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : object(a, "port", value.get(), "map[string]int").properties()) {
            map.put(entry.getKey(),
                    a.number("port", entry.getValue(), Integer.MIN_VALUE, Integer.MAX_VALUE, "int"));
        }
        return Optional.of(map);
    }

    private static JsonNode object(Arguments a, String name, JsonNode value, String type) throws CommandException {
        if (!value.isObject()) {
            throw a.wrongType(name, value, type);
        }
        return value;
    }

    private static Optional<List<Nic>> nics(Arguments a) throws CommandException {
        Optional<JsonNode> value = a.field("nics");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isArray()) {
            throw a.wrongType("nics", value.get(), "[]*containers.Nic");
        }
        List<Nic> list = new ArrayList<>();
        for (JsonNode item : value.get()) {
            list.add(Nic.of(item));
        }
        return Optional.of(list);
    }

    private static Optional<List<List<String>>> pairs(Arguments a) throws CommandException {
        Optional<JsonNode> value = a.field("cgroups");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        List<List<String>> list = new ArrayList<>();
        for (JsonNode pair : value.get()) {
            if (!pair.isArray() || pair.size() != 2) {
                throw a.wrongType("cgroups", pair, "containers.CGroup");
            }
            list.add(List.of(a.text("cgroups", pair.get(0)), a.text("cgroups", pair.get(1))));
        }
        return Optional.of(list);
    }

    /** The same with the node's own store filled in and the device group that unprivileged containers get. */
    ContainerArguments withDefaults(String nodeStorage) {
        List<List<String>> groups = new ArrayList<>(cgroups.orElse(List.of()));
        if (!privileged) {
            groups.add(DEVICES);
        }
        return new ContainerArguments(root, mount, hostNetwork, identity, nics, port, privileged, hostname,
                storage.isEmpty() ? nodeStorage : storage, name, tags, env,
                groups.isEmpty() ? Optional.empty() : Optional.of(groups), config);
    }

    /** The same without the device group. */
    ContainerArguments withoutDeviceGroup() {
        List<List<String>> groups = joinedGroups();
        return new ContainerArguments(root, mount, hostNetwork, identity, nics, port, privileged, hostname, storage,
                name, tags, env, groups.isEmpty() ? Optional.empty() : Optional.of(groups), config);
    }

    /** The control groups that clients made and this container is put into. */
    List<List<String>> joinedGroups() {
        return cgroups.orElse(List.of()).stream().filter(pair -> !pair.equals(DEVICES)).toList();
    }

    /** Whether something of this machine is mounted in both, so that one can change what the other sees. */
    boolean sharesMountWith(ContainerArguments other) {
        List<Path> theirs = other.mountedPaths();
        return mountedPaths().stream()
                .anyMatch(own -> theirs.stream().anyMatch(their -> own.startsWith(their) || their.startsWith(own)));
    }

    private List<Path> mountedPaths() {
        List<Path> paths = new ArrayList<>();
        for (String source : mount.orElse(Map.of()).keySet()) {
            if (!source.contains("://")) {
                Path path = Path.of(source);
                try {
                    paths.add(path.toRealPath());
                } catch (IOException gone) {
                    paths.add(path.normalize());
                }
            }
        }
        return paths;
    }

    boolean hasDefaultNic() {
        return !hostNetwork && nics.orElse(List.of()).stream().anyMatch(Nic::isDefault);
    }

    /** Whether forwards are taken: a node takes them for a default interface also when the network is its own. */
    boolean hasForwardableNic() {
        return nics.orElse(List.of()).stream().anyMatch(Nic::isDefault);
    }

    String effectiveHostname() {
        return hostname.isEmpty() ? "corex" : hostname;
    }

    /** As lists show them, with these forwards (null when absent) and these interfaces. */
    ObjectNode toJson(Optional<Map<String, Long>> forwards, List<AttachedNic> attached) {
        ObjectNode json = GoJson.object();
        json.put("root", root);
        json.set("mount", map(mount));
        json.put("host_network", hostNetwork).put("identity", identity);
        if (nics.isEmpty() && attached.isEmpty()) {
            json.putNull("nics");
        } else {
            ArrayNode list = json.putArray("nics");
            attached.forEach(nic -> list.add(nic.toJson()));
        }
        if (forwards.isEmpty()) {
            json.putNull("port");
        } else {
            ObjectNode ports = json.putObject("port");
            forwards.get().forEach(ports::put);
        }
        json.put("privileged", privileged).put("hostname", hostname).put("storage", storage).put("name", name);
        json.set("tags", list(tags));
        json.set("env", map(env));
        if (cgroups.isEmpty()) {
            json.putNull("cgroups");
        } else {
            ArrayNode groups = json.putArray("cgroups");
            cgroups.get().forEach(pair -> groups.add(list(Optional.of(pair))));
        }
        json.set("config", map(config));
        return json;
    }

    private static JsonNode map(Optional<Map<String, String>> map) {
        if (map.isEmpty()) {
            return GoJson.nodes().nullNode();
        }
        ObjectNode json = GoJson.object();
        map.get().forEach(json::put);
        return json;
    }

    private static JsonNode list(Optional<List<String>> list) {
        if (list.isEmpty()) {
            return GoJson.nodes().nullNode();
        }
        ArrayNode json = GoJson.nodes().arrayNode();
        list.get().forEach(json::add);
        return json;
    }
}
