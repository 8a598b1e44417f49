package zship.deployer.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;

import zship.flist.Secret;

/** The spec a running container would be made from again, out of the arguments its node reports ({@code corex.get}). */
final class ReportedSpec {

    private ReportedSpec() {
    }

    /**
     * Reads the arguments.
     *
     * @param arguments {@code container.arguments} of the answer
     * @param secret says of a variable whether its value is a secret
     */
    static ContainerSpec read(JsonNode arguments, Predicate<String> secret) {
        List<Mount> mounts = new ArrayList<>();
        arguments.path("mount").forEachEntry((source, target) -> mounts.add(new Mount(source, target.asString(""))));
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, Secret> secrets = new LinkedHashMap<>();
        SpecJson.texts(arguments.path("env")).forEach((name, value) -> {
            if (secret.test(name)) {
                secrets.put(name, Secret.of(value));
            } else {
                values.put(name, value);
            }
        });
        List<String> tags = new ArrayList<>();
        arguments.path("tags").forEach(tag -> tags.add(tag.asString("")));
        List<ContainerSpec.Cgroup> cgroups = new ArrayList<>();
        arguments.path("cgroups").forEach(pair -> cgroups
                .add(new ContainerSpec.Cgroup(pair.path(0).asString(""), pair.path(1).asString(""))));
        // A node adds this one by itself to every container that is not privileged.
        cgroups.remove(new ContainerSpec.Cgroup("devices", "corex"));
        return new ContainerSpec(given(arguments, "name").map(ContainerName::of),
                new ContainerSpec.Root(arguments.path("root").asString(""), given(arguments, "storage"), mounts,
                        SpecJson.texts(arguments.path("config"))),
                new ContainerSpec.Environment(values, secrets), network(arguments),
                new ContainerSpec.Isolation(arguments.path("privileged").asBoolean(false), cgroups), tags);
    }

    private static ContainerSpec.Network network(JsonNode arguments) {
        List<Nic> nics = new ArrayList<>();
        arguments.path("nics").forEach(nic -> {
            if (!nic.path("state").asString("").equals("destroyed")) {
                nics.add(SpecJson.nic(nic));
            }
        });
        List<PortMapping> ports = new ArrayList<>();
        arguments.path("port").forEachEntry((host, port) -> ports.add(new PortMapping(HostPort.of(host),
                port.asInt(0))));
        boolean host = arguments.path("host_network").asBoolean(false);
        return new ContainerSpec.Network(nics, host ? List.of() : ports, given(arguments, "hostname"), host,
                given(arguments, "identity").map(Secret::of));
    }

    private static Optional<String> given(JsonNode json, String field) {
        return SpecJson.text(json, field).filter(text -> !text.isEmpty());
    }
}
