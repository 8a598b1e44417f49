package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a local node could have left on the machine. */
final class Leftovers {

    private Leftovers() {
    }

    /** Mounts below a folder. */
    static List<String> mountsBelow(Path folder) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    /** Processes whose command line names a folder. */
    static List<String> processesOf(Path folder) {
        return commandLines().filter(line -> line.contains(folder.toString())).toList();
    }

    /** The command lines of all processes of the machine. */
    static Stream<String> commandLines() {
        return ProcessHandle.allProcesses().map(process -> {
            try {
                return process.pid() + " "
                        + Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
            } catch (IOException e) {
                return "";
            }
        });
    }
}
