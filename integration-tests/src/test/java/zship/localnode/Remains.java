package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a node could have left of its containers. */
final class Remains {
    private Remains() {
    }

    /** Mounts, processes, runtime state, container folders and control groups that belong to a state folder. */
    static List<String> of(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        Files.readAllLines(Path.of("/proc/self/mounts")).stream().filter(line -> line.contains(folder.toString()))
                .forEach(line -> found.add("mount " + line));
        found.addAll(processes(folder));
        for (String name : List.of("runc", "containers")) {
            Path state = folder.resolve("node").resolve(name);
            if (Files.exists(state)) {
                try (Stream<Path> entries = Files.list(state)) {
                    entries.filter(Files::isDirectory).forEach(entry -> found.add("folder " + entry));
                }
            }
        }
        return found;
    }

    /** The same without what a running node keeps for its next container: its mounted roots and its attendant. */
    static List<String> ofContainers(Path folder) throws IOException {
        return of(folder).stream().filter(left -> !left.contains(" fuse.zship ") && !left.contains("AttendantProcess"))
                .toList();
    }

    /** Processes that work in a folder or name it, this one apart. */
    static List<String> processes(Path folder) {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses().filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    try {
                        Path proc = Path.of("/proc/" + process.pid());
                        String commandLine = Files.readString(proc.resolve("cmdline")).replace('\0', ' ');
                        String directory = Files.readSymbolicLink(proc.resolve("cwd")).toString();
                        if ((commandLine + directory).contains(folder.toString())) {
                            found.add("process " + process.pid() + " " + commandLine);
                        }
                    } catch (IOException gone) {
                        return;
                    }
                });
        return found;
    }
}
