package zship.localnode.container;

import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * A network interface as asked for.
 *
 * @param type    {@code default}, {@code bridge}, {@code macvlan}, ...
 * @param id      what it connects to
 * @param hwaddr  hardware address; empty for any
 * @param name    name in the container; empty for {@code eth<index>}
 * @param config  addresses, empty fields when not given
 * @param monitor accepted, without effect
 */
record Nic(String type, String id, String hwaddr, String name, Config config, boolean monitor) {

    static final String DEFAULT = "default";

    /** Addresses of an interface. */
    record Config(boolean dhcp, String cidr, String gateway, List<String> dns) {
    }

    static Nic of(JsonNode value) throws CommandException {
        Arguments fields = new Arguments(Command.of("", "", value), "Nic", CommandException.BAD_REQUEST);
        JsonNode settings = fields.field("config").orElse(GoJson.object());
        Arguments config = new Arguments(Command.of("", "", settings), "NetworkConfig", CommandException.BAD_REQUEST);
        return new Nic(fields.text("type"), fields.text("id"), fields.text("hwaddr"), fields.text("name"),
                new Config(config.flag("dhcp"), config.text("cidr"), config.text("gateway"), config.texts("dns")),
                fields.flag("monitor"));
    }

    boolean isDefault() {
        return type.equals(DEFAULT);
    }

    ObjectNode toJson(String state) {
        ObjectNode json = GoJson.object();
        json.put("type", type).put("id", id).put("hwaddr", hwaddr);
        if (!name.isEmpty()) {
            json.put("name", name);
        }
        ObjectNode settings = json.putObject("config");
        settings.put("dhcp", config.dhcp()).put("cidr", config.cidr()).put("gateway", config.gateway());
        if (config.dns().isEmpty()) {
            settings.putNull("dns");
        } else {
            ArrayNode servers = settings.putArray("dns");
            config.dns().forEach(servers::add);
        }
        return json.put("monitor", monitor).put("state", state);
    }
}
