package zship.deployer.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import zship.deployer.node.Command;

/** The arguments of {@code corex.create} for a spec. */
final class CreateArguments {

    private CreateArguments() {
    }

    static Command command(ContainerSpec spec) {
        ContainerSpec.Network network = spec.network();
        Map<String, Object> ports = new LinkedHashMap<>();
        network.ports().forEach(p -> ports.put(p.host().toString(), p.container()));
        Map<String, Object> mounts = new LinkedHashMap<>();
        spec.root().mounts().forEach(m -> mounts.put(m.source(), m.target()));
        return Command.of("corex.create").with("root", spec.root().flist())
                .with("storage", spec.root().storage().orElse(null))
                .with("name", spec.name().map(ContainerName::value).orElse(null))
                .with("hostname", network.hostname().orElse(null)).with("host_network", network.host())
                .with("nics", network.nics().stream().map(Nic::argument).toList())
                .with("port", orNull(ports)).with("env", orNull(spec.environment().all()))
                .with("mount", orNull(mounts)).with("config", orNull(spec.root().files()))
                .with("privileged", spec.isolation().privileged())
                .with("identity", network.identity().orElse(null)).with("cgroups", cgroups(spec))
                .withTags(spec.tags());
    }

    private static @Nullable Object cgroups(ContainerSpec spec) {
        List<List<String>> pairs = spec.isolation().cgroups().stream().map(g -> List.of(g.subsystem(), g.name()))
                .toList();
        return pairs.isEmpty() ? null : pairs;
    }

    private static @Nullable Object orNull(Map<String, ?> map) {
        return map.isEmpty() ? null : map;
    }
}
