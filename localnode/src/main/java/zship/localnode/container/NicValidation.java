package zship.localnode.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;

import zship.localnode.job.CommandException;

/** The checks of network interfaces, in the node's order and words. */
final class NicValidation {

    private static final String ZEROTIER = "zerotier";
    private static final int LONGEST_NAME = 15;
    private static final LongPredicate IN_VLANS = id -> id >= 0 && id <= 4094;

    private NicValidation() {
    }

    /** What is wrong before anything is made. */
    static void check(List<Nic> nics) throws CommandException {
        boolean hasDefault = false;
        Set<String> bridges = new HashSet<>();
        for (Nic nic : nics) {
            if (nic.isDefault() && hasDefault) {
                throw failed("only one default network is allowed");
            }
            hasDefault |= nic.isDefault();
            checkKind(nic);
            if (nic.type().equals("bridge") && !bridges.add(nic.id())) {
                throw failed("connecting to bridge '" + nic.id() + "' more than one time is not allowed");
            }
        }
        checkNames(nics);
    }

    private static void checkKind(Nic nic) throws CommandException {
        switch (nic.type()) {
            case "bridge" -> {
                if (nic.id().equals("core0")) {
                    throw failed("cannot use bridge core0 with nic type 'bridge', please use type default instead");
                }
            }
            case "macvlan", "passthrough" -> throw failed(nic.id().equals("core0") && nic.type().equals("macvlan")
                    ? "cannot use bridge core0 with nic type 'macvlan', please use link with type 'device' instead"
                    : "Link not found");
            case Nic.DEFAULT, "vlan", "vxlan", ZEROTIER -> {
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
            if (name.length() > LONGEST_NAME || !name.matches("[A-Za-z0-9_][^\\s/]*")) {
                throw failed("invalid name '" + name + "' too long");
            }
            if (!seen.add(name)) {
                throw failed("name '" + name + "' is passed twice in the container");
            }
        }
    }

    /** What is wrong when an interface is made: only the default network exists here. */
    static void refuseUnlessDefault(Nic nic) throws CommandException {
        switch (nic.type()) {
            case Nic.DEFAULT -> {
            }
            case "bridge" -> throw isLink(nic.id())
                    ? new CommandException(CommandException.BAD_REQUEST, "'" + nic.id() + "' is not a bridge")
                    : new CommandException(CommandException.NOT_FOUND,
                            "bridge '" + nic.id() + "' not found: Link not found");
            case "vlan", "vxlan" -> {
                if (!nic.id().matches("-?\\d{1,18}")) {
                    throw failed("strconv.ParseInt: parsing \"" + nic.id() + "\": invalid syntax");
                }
                if (nic.type().equals("vlan") && !IN_VLANS.test(Long.parseLong(nic.id()))) {
                    throw failed("invalid vlan id (0-4094)");
                }
                String kind = nic.type().equals("vlan") ? "VLAN" : "VXLAN";
                throw new CommandException(CommandException.PRECONDITION,
                        "ovs is needed for " + kind + " network type");
            }
            default -> throw failed("unsupported network type '" + nic.type() + "'");
        }
    }

    private static boolean isLink(String name) {
        return name.matches("[A-Za-z0-9_-]{1,15}") && Files.exists(Path.of("/sys/class/net", name))
                && !Files.exists(Path.of("/sys/class/net", name, "bridge"));
    }

    private static CommandException failed(String text) {
        return new CommandException(CommandException.FAILED, text);
    }
}
