package zship.deployer.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import zship.flist.Secret;
import zship.flist.store.StoreAddress;

/** A container's spec as JSON, to be kept. Secrets are kept by name only and given again when it is read. */
public final class SpecJson {

    private SpecJson() {
    }

    /** The spec as fields, without the value of any secret. */
    public static Map<String, @Nullable Object> write(ContainerSpec spec) {
        ContainerSpec.Network network = spec.network();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", spec.name().map(ContainerName::value).orElse(null));
        fields.put("flist", spec.root().flist());
        fields.put("storage", spec.root().storage().map(url -> StoreAddress.of(url).toString()).orElse(null));
        fields.put("mounts", spec.root().mounts().stream().map(m -> List.of(m.source(), m.target())).toList());
        fields.put("files", spec.root().files());
        fields.put("env", spec.environment().values());
        fields.put("secrets", new ArrayList<>(spec.environment().secrets().keySet()));
        fields.put("ports", network.ports().stream().map(PortMapping::toString).toList());
        fields.put("nics", network.nics().stream().map(Nic::argument).toList());
        fields.put("hostname", network.hostname().orElse(null));
        fields.put("host_network", network.host());
        fields.put("identity", network.identity().isPresent());
        fields.put("privileged", spec.isolation().privileged());
        fields.put("cgroups", spec.isolation().cgroups().stream().map(g -> List.of(g.subsystem(), g.name())).toList());
        fields.put("tags", spec.tags());
        return fields;
    }

    /**
     * Reads a spec.
     *
     * @param json what {@link #write} wrote
     * @param secrets the values of its secrets by name; names that are missing are left out of the spec
     */
    public static ContainerSpec read(JsonNode json, Map<String, Secret> secrets) {
        ContainerSpec.Root root = new ContainerSpec.Root(json.path("flist").asString(""), storage(json, secrets),
                pairs(json, "mounts").stream().map(p -> new Mount(p.getFirst(), p.getLast())).toList(),
                texts(json.path("files")));
        Map<String, Secret> known = new LinkedHashMap<>();
        json.path("secrets").forEach(name -> {
            Secret value = secrets.get(name.asString(""));
            if (value != null) {
                known.put(name.asString(""), value);
            }
        });
        List<PortMapping> ports = new ArrayList<>();
        json.path("ports").forEach(port -> ports.add(PortMapping.of(port.asString(""))));
        List<Nic> nics = new ArrayList<>();
        json.path("nics").forEach(nic -> nics.add(nic(nic)));
        List<String> tags = new ArrayList<>();
        json.path("tags").forEach(tag -> tags.add(tag.asString("")));
        ContainerSpec.Network network = new ContainerSpec.Network(nics, ports, text(json, "hostname"),
                json.path("host_network").asBoolean(false),
                json.path("identity").asBoolean(false)
                        ? Optional.ofNullable(secrets.get(ContainerSpec.IDENTITY))
                        : Optional.empty());
        ContainerSpec.Isolation isolation = new ContainerSpec.Isolation(json.path("privileged").asBoolean(false),
                pairs(json, "cgroups").stream().map(p -> new ContainerSpec.Cgroup(p.getFirst(), p.getLast())).toList());
        return new ContainerSpec(text(json, "name").map(ContainerName::of), root,
                new ContainerSpec.Environment(texts(json.path("env")), known), network, isolation, tags);
    }

    /** A password that is hidden comes back from the secrets, if it is among them. */
    private static Optional<String> storage(JsonNode json, Map<String, Secret> secrets) {
        return text(json, "storage").map(text -> {
            StoreAddress address = StoreAddress.of(text);
            return address.isMasked()
                    ? address.withPassword(Optional.ofNullable(secrets.get(ContainerSpec.STORAGE))).expose()
                    : text;
        });
    }

    static Nic nic(JsonNode json) {
        JsonNode config = json.path("config");
        List<String> dns = new ArrayList<>();
        config.path("dns").forEach(server -> dns.add(server.asString("")));
        Nic.Config addresses = config.isObject()
                ? new Nic.Config(config.path("dhcp").asBoolean(false), text(config, "cidr"), text(config, "gateway"),
                        dns)
                : Nic.Config.NONE;
        Nic.Type type = Nic.Type.valueOf(json.path("type").asString("default").toUpperCase(Locale.ROOT));
        return new Nic(type, json.path("id").asString(""), json.path("name").asString(""),
                json.path("hwaddr").asString(""), addresses);
    }

    static Optional<String> text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isString() ? Optional.of(value.asString()) : Optional.empty();
    }

    static Map<String, String> texts(JsonNode json) {
        Map<String, String> texts = new LinkedHashMap<>();
        json.forEachEntry((name, value) -> texts.put(name, value.asString("")));
        return texts;
    }

    private static List<List<String>> pairs(JsonNode json, String field) {
        List<List<String>> pairs = new ArrayList<>();
        json.path(field).forEach(pair -> pairs.add(List.of(pair.path(0).asString(""), pair.path(1).asString(""))));
        return pairs;
    }
}
