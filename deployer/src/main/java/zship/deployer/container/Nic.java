package zship.deployer.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.deployer.InvalidValueException;

/**
 * A network interface of a container.
 *
 * @param type what it is connected to
 * @param id the bridge, network, link or number it is connected to; empty for the default network
 * @param name its name in the container; empty for {@code eth<index>}
 * @param hardwareAddress its MAC address; empty for one the node makes
 * @param config its addresses
 */
public record Nic(Type type, String id, String name, String hardwareAddress, Config config) {

    /** What an interface is connected to. */
    public enum Type {
        /** The node's own network, 172.18.0.0/16, with port forwards and the way out. */
        DEFAULT,
        /** A bridge of the node. */
        BRIDGE,
        /** A ZeroTier network. */
        ZEROTIER,
        /** A link of the node, shared. */
        MACVLAN,
        /** A link of the node, given away. */
        PASSTHROUGH,
        /** A VLAN by number; needs a container tagged {@code ovs}. */
        VLAN,
        /** A VXLAN by number; needs a container tagged {@code ovs}. */
        VXLAN;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * The addresses of an interface.
     *
     * @param dhcp whether they come by DHCP
     * @param cidr address and prefix length, if fixed
     * @param gateway the default gateway, if any
     * @param dns name servers
     */
    public record Config(boolean dhcp, Optional<String> cidr, Optional<String> gateway, List<String> dns) {

        /** Nothing set. */
        public static final Config NONE = new Config(false, Optional.empty(), Optional.empty(), List.of());

        /** Copies the list. */
        public Config {
            dns = List.copyOf(dns);
        }
    }

    /** Checks the rules of the node that need no look at it. */
    public Nic {
        if (name.length() > 15) {
            throw invalid(name, "an interface name has at most 15 characters");
        }
        if (name.equals("default") || name.startsWith("eth") || name.startsWith("zt")) {
            throw invalid(name, "an interface name is not 'default' and does not start with eth or zt");
        }
        if (type == Type.BRIDGE && id.equals("core0")) {
            throw invalid(id, "the bridge core0 is the default network; use type default");
        }
        if ((type == Type.VLAN || type == Type.VXLAN) && !id.matches("[0-9]{1,8}")) {
            throw invalid(id, "a " + type.word() + " is named by its number");
        }
        if (type == Type.VLAN && Integer.parseInt(id) > 4094) {
            throw invalid(id, "a vlan id is 0 to 4094");
        }
    }

    /**
     * Reads {@code TYPE[:ID][,KEY=VALUE]..}, as {@code default}, {@code zerotier:8056c2e21c000001} or
     * {@code bridge:br0,name=lan0,ip=10.1.0.2/24,gateway=10.1.0.1,dns=10.1.0.1+10.1.0.2}. Keys are {@code name},
     * {@code mac}, {@code ip}, {@code gateway}, {@code dns} (several joined by {@code +}) and the word {@code dhcp}.
     *
     * @throws InvalidValueException when it is not that
     */
    public static Nic of(String text) {
        return NicText.parse(text);
    }

    /** An interface on the node's own network. */
    public static Nic ofDefault() {
        return new Nic(Type.DEFAULT, "", "", "", Config.NONE);
    }

    /** An interface of another type. */
    public static Nic of(Type type, String id) {
        return new Nic(type, id, "", "", Config.NONE);
    }

    /** The same with a name. */
    public Nic withName(String value) {
        return new Nic(type, id, value, hardwareAddress, config);
    }

    /** The same with a MAC address. */
    public Nic withHardwareAddress(String value) {
        return new Nic(type, id, name, value, config);
    }

    /** The same with addresses. */
    public Nic withConfig(Config value) {
        return new Nic(type, id, name, hardwareAddress, value);
    }

    Map<String, @Nullable Object> argument() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("type", type.word());
        if (!id.isEmpty()) {
            fields.put("id", id);
        }
        if (!name.isEmpty()) {
            fields.put("name", name);
        }
        if (!hardwareAddress.isEmpty()) {
            fields.put("hwaddr", hardwareAddress);
        }
        if (!config.equals(Config.NONE)) {
            Map<String, @Nullable Object> addresses = new LinkedHashMap<>();
            addresses.put("dhcp", config.dhcp);
            config.cidr.ifPresent(cidr -> addresses.put("cidr", cidr));
            config.gateway.ifPresent(gateway -> addresses.put("gateway", gateway));
            addresses.put("dns", config.dns);
            fields.put("config", addresses);
        }
        return fields;
    }

    private static InvalidValueException invalid(String value, String why) {
        return new InvalidValueException("network interface '" + value + "'", why, "see `zship deploy --help`");
    }
}
