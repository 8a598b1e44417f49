package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import zship.flist.disk.ChangingTree;

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
                ChangingTree.children(state).stream().filter(Files::isDirectory)
                        .forEach(entry -> found.add("folder " + entry));
            }
        }
        controlGroups(folder).forEach(group -> found.add("control group " + group));
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
                        if (names(proc, folder)) {
                            found.add("process " + process.pid() + " " + commandLine(proc));
                        }
                    } catch (IOException gone) {
                        return;
                    }
                });
        return found;
    }

    private static boolean names(Path proc, Path folder) throws IOException {
        return (commandLine(proc) + Files.readSymbolicLink(proc.resolve("cwd"))).contains(folder.toString());
    }

    private static String commandLine(Path proc) throws IOException {
        return Files.readString(proc.resolve("cmdline")).replace('\0', ' ');
    }

    /**
     * Namespaces that processes of a node are in or hold open, its own process among them. What runs in a container does not
     * name the node's folder, but is in a control group of the node.
     */
    static Set<String> namespaces(Path folder) throws IOException {
        Set<String> found = new TreeSet<>();
        for (long pid : ProcessHandle.allProcesses().map(ProcessHandle::pid).toList()) {
            Path proc = Path.of("/proc/" + pid);
            try {
                if (pid == ProcessHandle.current().pid() || names(proc, folder)
                        || Files.readString(proc.resolve("cgroup")).contains("/" + prefix(folder))) {
                    found.addAll(links(proc.resolve("ns")));
                    found.addAll(links(proc.resolve("fd")));
                }
            } catch (IOException gone) {
                continue;
            }
        }
        return found;
    }

    /** Where the links of a folder lead when it is to a namespace. */
    private static List<String> links(Path folder) throws IOException {
        return ChangingTree.children(folder).stream().map(entry -> {
            try {
                return Files.readSymbolicLink(entry).toString();
            } catch (IOException closed) {
                return "";
            }
        }).filter(target -> target.matches("[a-z]+:\\[\\d+]") && !target.matches("(pipe|socket):.*")).toList();
    }

    /** Control groups of a node, in all hierarchies of version 1 and in version 2. */
    static List<Path> controlGroups(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        ChangingTree.visit(Path.of("/sys/fs/cgroup"), 2, (group, facts) -> {
            if (facts.isDirectory() && group.getFileName().toString().startsWith(prefix(folder))) {
                found.add(group);
            }
        });
        return found;
    }

    /** What the names of a node's containers and control groups begin with. */
    private static String prefix(Path folder) {
        return "zship-" + Integer.toHexString(folder.resolve("node").toString().hashCode()) + "-";
    }
}
