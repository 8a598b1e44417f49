package zship.localnode.container;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import zship.localnode.job.CommandException;

/** The checks of {@code corex.create} before anything is made, in the node's order and words. */
final class CreateValidation {

    private static final String ZEROTIER = "zerotier";
    private static final int LONGEST_NAME = 15;
    private static final int LARGEST_PORT = 65535;

    private final ContainerArguments arguments;

    private CreateValidation(ContainerArguments arguments) {
        this.arguments = arguments;
    }

    static void check(ContainerArguments arguments) throws CommandException {
        CreateValidation validation = new CreateValidation(arguments);
        if (arguments.root().isEmpty()) {
            throw failed("root plist is required");
        }
        validation.checkMounts();
        validation.checkPorts();
        checkNics(arguments.nics().orElse(List.of()));
        validation.checkCgroups();
    }

    private void checkMounts() throws CommandException {
        for (Map.Entry<String, String> mount : arguments.mount().orElse(Map.of()).entrySet()) {
            String source = mount.getKey();
            if (source.contains("://")) {
                continue;
            }
            if (!source.startsWith("/")) {
                throw failed("host path '" + source + "' must be absolute");
            }
            if (!mount.getValue().startsWith("/")) {
                throw failed("guest path '" + mount.getValue() + "' must be absolute");
            }
            checkExists(source);
        }
    }

    private static void checkExists(String source) throws CommandException {
        Path path;
        try {
            path = Path.of(source);
        } catch (InvalidPathException malformed) {
            throw failed("stat " + source + ": " + malformed.getReason());
        }
        if (Files.exists(path)) {
            return;
        }
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                throw failed("stat " + source + ": not a directory");
            }
        }
        throw failed("host path '" + source + "' does not exist");
    }

    private void checkPorts() throws CommandException {
        for (Map.Entry<String, Long> port : arguments.port().orElse(Map.of()).entrySet()) {
            if (HostPort.of(port.getKey()).isEmpty()) {
                throw failed("invalid host port '" + port.getKey() + "'");
            }
            if (port.getValue() < 0 || port.getValue() > LARGEST_PORT) {
                throw failed("invalid guest port '" + port.getValue() + "'");
            }
        }
    }

    static void checkNics(List<Nic> nics) throws CommandException {
        boolean hasDefault = false;
        for (Nic nic : nics) {
            if (nic.isDefault() && hasDefault) {
                throw failed("only one default network is allowed");
            }
            hasDefault |= nic.isDefault();
            checkKind(nic);
        }
        checkNames(nics);
        if (nics.stream().anyMatch(nic -> nic.type().equals(ZEROTIER))) {
            throw failed("unsupported network type '" + ZEROTIER + "'");
        }
    }

    /** Only the default network exists here; the others fail as on a node that lacks what they need. */
    private static void checkKind(Nic nic) throws CommandException {
        switch (nic.type()) {
            case Nic.DEFAULT -> {
            }
            case "bridge" -> {
                if (nic.id().equals("core0")) {
                    throw failed("cannot use bridge core0 with nic type 'bridge', please use type default instead");
                }
                throw new CommandException(CommandException.NOT_FOUND,
                        "bridge '" + nic.id() + "' not found: Link not found");
            }
            case "macvlan", "passthrough" -> throw failed(nic.id().equals("core0") && nic.type().equals("macvlan")
                    ? "cannot use bridge core0 with nic type 'macvlan', please use link with type 'device' instead"
                    : "Link not found");
            case "vlan", "vxlan" -> {
                if (!nic.id().matches("-?\\d{1,18}")) {
                    throw failed("strconv.ParseInt: parsing \"" + nic.id() + "\": invalid syntax");
                }
                String kind = nic.type().equals("vlan") ? "VLAN" : "VXLAN";
                throw new CommandException(CommandException.PRECONDITION,
                        "ovs is needed for " + kind + " network type");
            }
            case ZEROTIER -> {
            }
            default -> throw failed("unsupported network type '" + nic.type() + "'");
        }
    }

    private static void checkNames(List<Nic> nics) throws CommandException {
        Set<String> seen = new HashSet<>();
        for (Nic nic : nics) {
            String name = nic.name();
            if (name.isEmpty()) {
                continue;
            }
            if (name.equals(Nic.DEFAULT)) {
                throw failed("invalid name `default`");
            }
            if (name.startsWith("eth") || name.startsWith("zt")) {
                throw failed("name '" + name + "' cannot be used as it is started with eth or zt");
            }
            if (name.length() > LONGEST_NAME) {
                throw failed("invalid name '" + name + "' too long");
            }
            if (!seen.add(name)) {
                throw failed("name '" + name + "' is passed twice in the container");
            }
        }
    }

    private void checkCgroups() throws CommandException {
        for (List<String> group : arguments.cgroups().orElse(List.of())) {
            if (!group.equals(ContainerArguments.DEVICES)) {
                throw failed("invalid cgroup [" + group.get(0) + " " + group.get(1) + "]");
            }
        }
    }

    private static CommandException failed(String text) {
        return new CommandException(CommandException.FAILED, text);
    }
}
