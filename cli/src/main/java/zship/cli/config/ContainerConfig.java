package zship.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.deployer.container.ContainerSpec.Cgroup;
import zship.deployer.container.Mount;
import zship.deployer.container.Nic;

/**
 * Everything about a container that few services need.
 *
 * @param storage the chunk store as the node sees it, when that is another address than ours
 * @param hostname its host name
 * @param privileged whether it keeps all capabilities and devices
 * @param hostNetwork whether it shares the node's own network
 * @param identity where its ZeroTier identity is found
 * @param nics its interfaces; empty for the default network alone
 * @param mounts what else appears in it
 * @param files path in the container to the local file with its content
 * @param tags its tags
 * @param cgroups control groups of the node it joins
 */
public record ContainerConfig(Optional<String> storage, Optional<String> hostname, Optional<Boolean> privileged,
        Optional<Boolean> hostNetwork, Optional<SecretSource> identity, List<Nic> nics, List<Mount> mounts,
        Map<String, Path> files, List<String> tags, List<Cgroup> cgroups) {

    /** Nothing set. */
    public static final ContainerConfig EMPTY = new ContainerConfig(Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of(), Map.of(), List.of(), List.of());

    /** Copies the collections. */
    public ContainerConfig {
        nics = List.copyOf(nics);
        mounts = List.copyOf(mounts);
        files = Map.copyOf(files);
        tags = List.copyOf(tags);
        cgroups = List.copyOf(cgroups);
    }

    /** These settings where they are set, else those below; mounts, files and tags of both. */
    ContainerConfig over(ContainerConfig below) {
        Map<String, Path> allFiles = new LinkedHashMap<>(below.files);
        allFiles.putAll(files);
        return new ContainerConfig(storage.or(below::storage), hostname.or(below::hostname),
                privileged.or(below::privileged), hostNetwork.or(below::hostNetwork), identity.or(below::identity),
                nics.isEmpty() ? below.nics : nics, both(below.mounts, mounts), allFiles, both(below.tags, tags),
                cgroups.isEmpty() ? below.cgroups : cgroups);
    }

    /** Whether ports of the node can lead into it. */
    public boolean forwardsPorts() {
        boolean byDefault = nics.isEmpty() || nics.stream().anyMatch(nic -> nic.type() == Nic.Type.DEFAULT);
        return byDefault && !hostNetwork.orElse(false);
    }

    private static <T> List<T> both(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        second.stream().filter(item -> !all.contains(item)).forEach(all::add);
        return all;
    }
}
