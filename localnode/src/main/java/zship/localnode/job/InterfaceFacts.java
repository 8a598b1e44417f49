package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns what {@code ip -json address} prints into the list of {@code info.nic}; names and order of fields are measured. */
final class InterfaceFacts {

    private InterfaceFacts() {
    }

    /**
     * The list.
     *
     * @param addresses output of {@code ip -json address}
     * @param sysfs     the folder {@code /sys/class/net} of the same network namespace
     */
    static ArrayNode of(String addresses, Path sysfs) {
        ArrayNode list = GoJson.nodes().arrayNode();
        for (JsonNode link : GoJson.read(addresses).orElse(GoJson.nodes().arrayNode())) {
            String name = link.path("ifname").asString("");
            boolean loopback = has(link, "LOOPBACK");
            ObjectNode json = list.addObject().put("mtu", link.path("mtu").asInt(0)).put("name", name);
            json.put("hardwareaddr", loopback ? "" : link.path("address").asString(""));
            ArrayNode flags = json.putArray("flags");
            for (String flag : new String[]{"UP", "BROADCAST", "LOOPBACK", "POINTOPOINT", "MULTICAST"}) {
                if (has(link, flag)) {
                    flags.add(flag.equals("POINTOPOINT") ? "pointtopoint" : flag.toLowerCase(Locale.ROOT));
                }
            }
            ArrayNode each = json.putArray("addrs");
            link.path("addr_info").forEach(address -> each.addObject().put("addr",
                    address.path("local").asString("") + "/" + address.path("prefixlen").asInt(0)));
            json.put("speed", number(sysfs.resolve(name).resolve("speed")));
            json.put("carrier", number(sysfs.resolve(name).resolve("carrier")) == 1);
            json.put("operstate", link.path("operstate").asString("").equals("UP"));
        }
        return list;
    }

    private static boolean has(JsonNode link, String flag) {
        return link.path("flags").valueStream().anyMatch(found -> found.asString("").equals(flag));
    }

    /** Some interfaces have no speed: reading it is then an error, and 0. */
    private static int number(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> text.matches("-?\\d{1,9}"))
                    .map(Integer::parseInt).orElse(0);
        } catch (IOException unknown) {
            return 0;
        }
    }
}
