package zship.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.ContainerConfig;
import zship.cli.config.SecretSource;
import zship.deployer.container.ContainerSpec.Cgroup;
import zship.deployer.container.Mount;
import zship.deployer.container.Nic;

/** The options for everything about a container that few services need. */
final class ContainerOptions {
    @Option(names = "--storage", paramLabel = "URL", description = "the chunk store as the node sees it, when --store is another address")
    private Optional<String> storage = Optional.empty();

    @Option(names = "--hostname", paramLabel = "NAME", description = "the container's host name")
    private Optional<String> hostname = Optional.empty();

    @Option(names = "--nic", paramLabel = "TYPE[:ID][,..]", description = "an interface: default, bridge:ID, zerotier:ID, macvlan:LINK, passthrough:LINK, vlan:NUMBER or vxlan:NUMBER, then ,name= ,mac= ,ip= ,gateway= ,dns=A+B ,dhcp (default: default)")
    private List<String> nics = new ArrayList<>();

    @Option(names = "--host-network", arity = "0", description = "share the node's own network")
    private Optional<Boolean> hostNetwork = Optional.empty();

    @Option(names = "--identity", paramLabel = "SOURCE", description = "where the ZeroTier identity is: file:PATH, env:NAME or stdin")
    private Optional<String> identity = Optional.empty();

    @Option(names = "--mount", paramLabel = "SOURCE:PATH", description = "a path of the node, or the URL of an flist, in the container")
    private List<String> mounts = new ArrayList<>();

    @Option(names = "--file", paramLabel = "PATH=FILE", description = "write the content of a local text file over the root, mode 0600")
    private List<String> files = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "a tag of the container")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--cgroup", paramLabel = "SUBSYSTEM/NAME", description = "a control group of the node to join")
    private List<String> cgroups = new ArrayList<>();

    @Option(names = "--privileged", arity = "0", description = "keep all capabilities and devices")
    private Optional<Boolean> privileged = Optional.empty();

    ContainerConfig config() {
        Map<String, Path> contents = new LinkedHashMap<>();
        EnvOptions.pairs("--file", files).forEach((path, file) -> contents.put(path, Path.of(file)));
        return new ContainerConfig(storage, hostname, privileged, hostNetwork, identity.map(SecretSource::of),
                nics.stream().map(Nic::of).toList(), mounts.stream().map(Mount::of).toList(), contents, tags,
                cgroups.stream().map(Cgroup::of).toList());
    }
}
