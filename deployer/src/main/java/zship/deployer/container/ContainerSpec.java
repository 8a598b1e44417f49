package zship.deployer.container;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.deployer.InvalidValueException;
import zship.flist.AddressMask;
import zship.flist.Secret;
import zship.flist.store.StoreAddress;

/**
 * A container to be: everything {@code corex.create} takes. Built from {@link #of} and the {@code with} methods; what can
 * be checked without the node is checked here, since a node accepts much that can never work.
 *
 * @param name its name, empty for none
 * @param root where its files come from
 * @param environment its environment
 * @param network how it is connected
 * @param isolation what it may do
 * @param tags its tags; they travel in the envelope of the command, not in its arguments
 */
public record ContainerSpec(Optional<ContainerName> name, Root root, Environment environment, Network network,
        Isolation isolation, List<String> tags) {

    /** The name under which a ZeroTier identity is kept among an app's secrets; no variable can have it. */
    public static final String IDENTITY = "zerotier-identity";
    /** The name of the chunk store's password among the secrets. */
    public static final String STORAGE = "storage-password";

    private static final String STARTUP = "/.startup.toml";

    /**
     * Where a container's files come from.
     *
     * @param flist the root flist: a URL (http, https, file) or a path on the node
     * @param storage the chunk store ({@code zdb://host:port} or {@code redis://host:port}); empty for the node's own
     * @param mounts what else appears in it
     * @param files files written over the root before the start, path to content, mode 0600
     */
    public record Root(String flist, Optional<String> storage, List<Mount> mounts, Map<String, String> files) {

        /** Copies the collections and checks what a node would hang on. */
        public Root {
            mounts = List.copyOf(mounts);
            files = ordered(files);
            if (!flist.startsWith("/") && !flist.matches("(https?|file)://.+") && !flist.matches("restic:.+#.+")) {
                throw new InvalidValueException("flist '" + flist + "'",
                        "an flist is a URL (http, https, file) or a path on the node",
                        "publish it first: `zship publish FILE`");
            }
            if (storage.isPresent() && !storage.get().matches("(zdb|redis)://[^/:]+.*")) {
                throw new InvalidValueException("storage '" + AddressMask.address(storage.get()) + "'",
                        "a node reads chunks from zdb:// or redis:// only, and hangs on anything else",
                        "write it as zdb://HOST:PORT");
            }
        }
    }

    /**
     * A container's environment. Every client of the node can read it, secrets too.
     *
     * @param values plain values by name
     * @param secrets values that are never shown, by name
     */
    public record Environment(Map<String, String> values, Map<String, Secret> secrets) {

        /** Copies the maps. */
        public Environment {
            values = ordered(values);
            secrets = ordered(secrets);
        }

        /** All of it. */
        public Map<String, Secret> all() {
            Map<String, Secret> all = new LinkedHashMap<>();
            values.forEach((name, value) -> all.put(name, Secret.of(value)));
            all.putAll(secrets);
            return all;
        }

        /** Names only. */
        @Override
        public String toString() {
            return "Environment" + all().keySet();
        }
    }

    /**
     * How a container is connected.
     *
     * @param nics its interfaces; none means no network at all
     * @param ports ports of the node that lead into it; they need an interface on the default network
     * @param hostname its host name; empty for the node's choice, {@code corex}
     * @param host whether it shares the node's own network
     * @param identity its ZeroTier identity, if it has one
     */
    public record Network(List<Nic> nics, List<PortMapping> ports, Optional<String> hostname, boolean host,
            Optional<Secret> identity) {

        /** Copies the lists and checks what a node accepts without effect, or dies of. */
        public Network {
            nics = List.copyOf(nics);
            ports = List.copyOf(ports);
            long defaults = nics.stream().filter(nic -> nic.type() == Nic.Type.DEFAULT).count();
            if (defaults > 1) {
                throw invalid("network interfaces", "only one default network is allowed", "remove one");
            }
            if (!ports.isEmpty() && (defaults == 0 || host)) {
                throw invalid("ports " + ports, "port forwards need an interface on the default network",
                        "add one, or leave out the ports");
            }
            if (hostname.isPresent() && !hostname.get().matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?")) {
                throw invalid("host name '" + hostname.get() + "'",
                        "a host name has at most 64 letters, digits, '-' and '.'; a longer one kills the container",
                        "choose another");
            }
            long numbers = ports.stream().map(p -> p.host().port()).distinct().count();
            if (numbers < ports.size()) {
                throw invalid("ports " + ports, "a node forwards each port number once, whatever source or protocol",
                        "use different host ports");
            }
        }
    }

    /**
     * What a container may do.
     *
     * @param privileged whether it keeps all capabilities and devices
     * @param cgroups control groups of the node it joins, as subsystem and name
     */
    public record Isolation(boolean privileged, List<Cgroup> cgroups) {

        /** Copies the list. */
        public Isolation {
            cgroups = List.copyOf(cgroups);
        }
    }

    /**
     * A control group of the node.
     *
     * @param subsystem such as {@code memory}
     * @param name its name
     */
    public record Cgroup(String subsystem, String name) {

        /**
         * Reads {@code SUBSYSTEM/NAME}.
         *
         * @throws InvalidValueException when it is not that
         */
        public static Cgroup of(String text) {
            int slash = text.indexOf('/');
            if (slash < 1 || slash == text.length() - 1) {
                throw invalid("control group '" + text + "'", "there is no '/' between subsystem and name",
                        "write it as SUBSYSTEM/NAME, as memory/small");
            }
            return new Cgroup(text.substring(0, slash), text.substring(slash + 1));
        }
    }

    /** Copies the list and checks what a node would mangle. */
    public ContainerSpec {
        tags = List.copyOf(tags);
        String startup = root.files().entrySet().stream().filter(file -> STARTUP.equals(file.getKey()))
                .map(Map.Entry::getValue).findFirst().orElse("");
        environment.all().keySet().stream().filter(variable -> startup.contains("${" + variable + "}")).findFirst()
                .ifPresent(variable -> {
                    throw invalid("${" + variable + "} in " + STARTUP,
                            "a node replaces {" + variable + "} in it first, which leaves a '$' before the value",
                            "write $" + variable);
                });
    }

    /** A container from an flist, on the default network, with nothing else set. */
    public static ContainerSpec of(String flist) {
        return new ContainerSpec(Optional.empty(), new Root(flist, Optional.empty(), List.of(), Map.of()),
                new Environment(Map.of(), Map.of()),
                new Network(List.of(Nic.ofDefault()), List.of(), Optional.empty(), false, Optional.empty()),
                new Isolation(false, List.of()), List.of());
    }

    /** The same with a name. */
    public ContainerSpec withName(ContainerName value) {
        return new ContainerSpec(Optional.of(value), root, environment, network, isolation, tags);
    }

    /** The same with another root. */
    public ContainerSpec withRoot(Root value) {
        return new ContainerSpec(name, value, environment, network, isolation, tags);
    }

    /** The same with a chunk store. */
    public ContainerSpec withStorage(String value) {
        return withRoot(new Root(root.flist, Optional.of(value), root.mounts, root.files));
    }

    /** The same with one mount more. */
    public ContainerSpec withMount(Mount value) {
        return withRoot(new Root(root.flist, root.storage, plus(root.mounts, value), root.files));
    }

    /** The same with one file more that is written over the root. */
    public ContainerSpec withFile(String path, String content) {
        Map<String, String> more = new LinkedHashMap<>(root.files);
        more.put(path, content);
        return withRoot(new Root(root.flist, root.storage, root.mounts, more));
    }

    /** The same with another environment. */
    public ContainerSpec withEnvironment(Environment value) {
        return new ContainerSpec(name, root, value, network, isolation, tags);
    }

    /** The same with one variable more. */
    public ContainerSpec withEnv(EnvVar value) {
        Map<String, String> more = new LinkedHashMap<>(environment.values);
        more.put(value.name(), value.value());
        return withEnvironment(new Environment(more, environment.secrets));
    }

    /** The same without a plain variable. */
    public ContainerSpec withoutEnv(String variable) {
        Map<String, String> fewer = new LinkedHashMap<>(environment.values);
        fewer.remove(variable);
        return withEnvironment(new Environment(fewer, environment.secrets));
    }

    /** The same with one secret variable more. */
    public ContainerSpec withSecret(String variable, Secret value) {
        Map<String, Secret> more = new LinkedHashMap<>(environment.secrets);
        more.put(new EnvVar(variable, "").name(), value);
        return withEnvironment(new Environment(environment.values, more));
    }

    /** The same with another network. */
    public ContainerSpec withNetwork(Network value) {
        return new ContainerSpec(name, root, environment, value, isolation, tags);
    }

    /** The same with these port mappings instead. */
    public ContainerSpec withPorts(List<PortMapping> value) {
        return withNetwork(new Network(network.nics, value, network.hostname, network.host, network.identity));
    }

    /** The same with one port mapping more. */
    public ContainerSpec withPort(PortMapping value) {
        return withPorts(plus(network.ports, value));
    }

    /** The same with a host name. */
    public ContainerSpec withHostname(String value) {
        return withNetwork(new Network(network.nics, network.ports, Optional.of(value), network.host,
                network.identity));
    }

    /** The same with a ZeroTier identity. */
    public ContainerSpec withIdentity(Secret value) {
        return withNetwork(new Network(network.nics, network.ports, network.hostname, network.host,
                Optional.of(value)));
    }

    /**
     * All its secrets by name: secret variables, its ZeroTier identity as {@link #IDENTITY} and the password in the address
     * of its chunk store as {@link #STORAGE}.
     */
    public Map<String, Secret> secrets() {
        Map<String, Secret> all = new LinkedHashMap<>(environment.secrets);
        network.identity.ifPresent(value -> all.put(IDENTITY, value));
        root.storage.flatMap(url -> StoreAddress.of(url).password()).ifPresent(value -> all.put(STORAGE, value));
        return all;
    }

    /** The same with these interfaces instead. */
    public ContainerSpec withNics(List<Nic> value) {
        return withNetwork(new Network(value, network.ports, network.hostname, network.host, network.identity));
    }

    /** The same, privileged or not. */
    public ContainerSpec withPrivileged(boolean value) {
        return withIsolation(new Isolation(value, isolation.cgroups));
    }

    /** The same with another isolation. */
    public ContainerSpec withIsolation(Isolation value) {
        return new ContainerSpec(name, root, environment, network, value, tags);
    }

    /** The same with one tag more. */
    public ContainerSpec withTag(String value) {
        return withTags(plus(tags, value));
    }

    /** The same with these tags instead. */
    public ContainerSpec withTags(List<String> value) {
        return new ContainerSpec(name, root, environment, network, isolation, value);
    }

    private static <T> List<T> plus(List<T> items, T item) {
        List<T> more = new ArrayList<>(items);
        more.add(item);
        return more;
    }

    private static <V> Map<String, V> ordered(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    private static InvalidValueException invalid(String what, String why, String hint) {
        return new InvalidValueException(what, why, hint);
    }
}
