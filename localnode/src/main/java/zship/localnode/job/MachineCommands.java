package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

import zship.localnode.process.Tool;

/** The commands {@code info.cpu}, {@code info.mem}, {@code info.disk} and {@code info.nic}; on the node {@code info.dmi} too. */
final class MachineCommands {

    private static final Path PROC = Path.of("/proc");

    private MachineCommands() {
    }

    /** The commands; mounts and interfaces are those that the place's process sees. */
    static Map<String, Builtin> of(int core, GeneralCommands.Place place) {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("info.cpu", arguments -> MachineFacts.processors(read("cpuinfo")));
        all.put("info.mem", arguments -> MachineFacts.memory(read("meminfo")));
        all.put("info.disk", arguments -> disks(place));
        all.put("info.nic", arguments -> interfaces(core, place));
        if (core == 0) {
            all.put("info.dmi", arguments -> dmi());
        }
        return all;
    }

    private static JsonNode disks(GeneralCommands.Place place) throws CommandException {
        return MachineFacts.disks(read(place.pid().get() + "/mounts"), read("filesystems"));
    }

    /** {@code ip} of iproute2 knows the addresses; speed and carrier are in the sysfs of the same namespaces. */
    private static JsonNode interfaces(int core, GeneralCommands.Place place)
            throws CommandException, InterruptedException {
        String pid = place.pid().get().toString();
        try {
            List<String> ip = List.of("ip", "-json", "address");
            List<String> inside = List.of("nsenter", "--target", pid, "--net", "ip", "-json", "address");
            Tool.Outcome addresses = Tool.run(place.environment(), PROC, core == 0 ? ip : inside);
            if (!addresses.succeeded()) {
                throw new CommandException(CommandException.FAILED, addresses.output());
            }
            return InterfaceFacts.of(addresses.output(), PROC.resolve(pid + "/root/sys/class/net"));
        } catch (IOException missing) {
            throw new CommandException(CommandException.FAILED, String.valueOf(missing.getMessage()));
        }
    }

    /** As on a node that lacks dmidecode (measured). */
    private static JsonNode dmi() throws CommandException {
        throw new CommandException(CommandException.NOT_FOUND, "(ERROR): []");
    }

    /** The text of a small file; empty when it cannot be read. */
    static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String read(String name) throws CommandException {
        try {
            return Files.readString(PROC.resolve(name));
        } catch (IOException unreadable) {
            throw new CommandException(CommandException.FAILED,
                    "open /proc/" + name + ": " + unreadable.getMessage());
        }
    }
}
