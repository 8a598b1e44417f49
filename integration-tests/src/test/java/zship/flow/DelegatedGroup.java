package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A control group of version 2 that belongs to a user, as systemd makes one for what each user starts. Commands that enter it
 * see version 2 only, as most machines of today have it.
 */
final class DelegatedGroup implements AutoCloseable {
    private static final Path SHOWN = Path.of("/sys/fs/cgroup");
    private static final String SESSION = "session";

    private final Path mount = Files.exists(SHOWN.resolve("cgroup.controllers")) ? SHOWN : SHOWN.resolve("unified");
    private final Path group = mount.resolve("zship-it-" + ProcessHandle.current().pid());

    DelegatedGroup(String user) throws IOException {
        for (Path each : List.of(group, group.resolve(SESSION))) {
            Files.createDirectory(each);
            var owner = each.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            for (Path file : List.of(each, each.resolve("cgroup.procs"), each.resolve("cgroup.subtree_control"))) {
                Files.setOwner(file, owner);
            }
        }
    }

    /** What makes the program whose words follow run in it. */
    List<String> entering() {
        return List.of("unshare", "--mount", "sh", "-c",
                "echo $$ >\"$1\" && mount --bind \"$2\" /sys/fs/cgroup && shift 2 && exec \"$@\"", "sh",
                group.resolve(SESSION).resolve("cgroup.procs").toString(), mount.toString());
    }

    /** Processes of a group below one of those that were made here; its name is that of a node. */
    List<Long> members(String name) throws IOException {
        try (Stream<Path> files = Files.find(group, 3,
                (file, is) -> file.endsWith(Path.of(name, "cgroup.procs")))) {
            return Files.readAllLines(files.findFirst().orElseThrow()).stream().map(Long::parseLong).toList();
        }
    }

    /** Names of the groups that were made here beside the one that commands enter. */
    List<String> made() throws IOException {
        try (Stream<Path> groups = Files.list(group)) {
            return groups.filter(Files::isDirectory).map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(SESSION)).toList();
        }
    }

    @Override
    public void close() throws IOException {
        for (String pid : Files.readAllLines(group.resolve(SESSION).resolve("cgroup.procs"))) {
            if (!Leftovers.ends(Long.parseLong(pid))) {
                throw new IOException("process " + pid + " does not end");
            }
        }
        Files.delete(group.resolve(SESSION));
        Files.delete(group);
    }
}
