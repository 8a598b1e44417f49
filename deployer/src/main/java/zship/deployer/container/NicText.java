package zship.deployer.container;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import zship.deployer.InvalidValueException;

/** Reads an interface as a user writes it. */
final class NicText {

    private final String text;
    private Nic nic;

    private NicText(String text, Nic nic) {
        this.text = text;
        this.nic = nic;
    }

    static Nic parse(String text) {
        List<String> parts = Arrays.asList(text.split(",", -1));
        int colon = parts.getFirst().indexOf(':');
        String word = colon < 0 ? parts.getFirst() : parts.getFirst().substring(0, colon);
        String id = colon < 0 ? "" : parts.getFirst().substring(colon + 1);
        Nic.Type type = Arrays.stream(Nic.Type.values()).filter(known -> known.word().equals(word)).findFirst()
                .orElseThrow(() -> invalid(text, "'" + word + "' is not a type of interface"));
        if (type != Nic.Type.DEFAULT && id.isEmpty()) {
            throw invalid(text, "a " + word + " interface needs what it is connected to, as " + word + ":ID");
        }
        NicText reader = new NicText(text, Nic.of(type, id));
        parts.subList(1, parts.size()).forEach(reader::setting);
        return reader.nic;
    }

    private void setting(String setting) {
        int equals = setting.indexOf('=');
        String key = (equals < 0 ? setting : setting.substring(0, equals)).toLowerCase(Locale.ROOT);
        String value = equals < 0 ? "" : setting.substring(equals + 1);
        Nic.Config config = nic.config();
        nic = switch (key) {
            case "name" -> nic.withName(value);
            case "mac" -> nic.withHardwareAddress(value);
            case "dhcp" -> nic.withConfig(new Nic.Config(true, config.cidr(), config.gateway(), config.dns()));
            case "ip" -> nic.withConfig(new Nic.Config(config.dhcp(), Optional.of(value), config.gateway(),
                    config.dns()));
            case "gateway" -> nic.withConfig(new Nic.Config(config.dhcp(), config.cidr(), Optional.of(value),
                    config.dns()));
            case "dns" -> nic.withConfig(new Nic.Config(config.dhcp(), config.cidr(), config.gateway(),
                    List.of(value.split("\\+"))));
            default -> throw invalid(text, "'" + key + "' is not a setting of an interface");
        };
    }

    private static InvalidValueException invalid(String text, String why) {
        return new InvalidValueException("network interface '" + text + "'", why,
                "write it as TYPE[:ID][,name=..][,mac=..][,ip=CIDR][,gateway=..][,dns=A+B][,dhcp]; types: default, "
                        + "bridge, zerotier, macvlan, passthrough, vlan, vxlan");
    }
}
