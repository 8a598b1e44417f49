package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/** The commands {@code info.cpu}, {@code info.mem} and {@code info.disk}. */
final class MachineCommands {

    private static final Path PROC = Path.of("/proc");

    private MachineCommands() {
    }

    /** The commands; the mounts are those that the place's process sees. */
    static Map<String, Builtin> of(GeneralCommands.Place place) {
        return Map.of("info.cpu", arguments -> MachineFacts.processors(read("cpuinfo")), "info.mem",
                arguments -> MachineFacts.memory(read("meminfo")), "info.disk", arguments -> disks(place));
    }

    private static JsonNode disks(GeneralCommands.Place place) throws CommandException {
        return MachineFacts.disks(read(place.pid().get() + "/mounts"), read("filesystems"));
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
