package zship.localnode.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import zship.localnode.process.Credentials;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProcessTable;
import zship.localnode.process.Signals;

/**
 * Ends all processes of a container in whatever state it is, also those that an interrupted creation did not get round to
 * write down: its helpers work in its folder, and everything else is in its control groups.
 */
final class Removal {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final long STEP_MILLIS = 5;
    private static final int STEPS = 1000;

    private final NodeParts node;
    private final int id;

    Removal(NodeParts node, int id) {
        this.node = node;
        this.id = id;
    }

    void endProcesses() throws IOException, InterruptedException {
        end(strangers());
        end(helpers());
        node.runc().delete(node.runtimeName(id));
        for (Path group : groups()) {
            end(members(group));
            Files.deleteIfExists(group);
        }
    }

    /**
     * Process 1 and the network of a container in a user namespace that this node could not enter, since the process that kept
     * it was killed: they cannot be looked at, but they can be ended, and with process 1 all others.
     */
    private List<Long> strangers() {
        Optional<ContainerRecord> record = node.directory(id).read();
        return Stream.of(record.flatMap(ContainerRecord::init), record.flatMap(ContainerRecord::slirp))
                .flatMap(Optional::stream).filter(ProcessMark::isAlive).map(ProcessMark::pid)
                .filter(pid -> !Credentials.sharesUserNamespace(pid)).toList();
    }

    /** Processes whose working folder is the container's: its network, and a runtime that was still creating. */
    private List<Long> helpers() {
        Path directory = node.directory(id).path();
        List<Long> found = new ArrayList<>();
        for (long pid : ProcessTable.ofMachine().pids()) {
            try {
                if (Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).equals(directory)) {
                    found.add(pid);
                }
            } catch (IOException gone) {
                continue;
            }
        }
        return found;
    }

    private List<Path> groups() throws IOException {
        List<Path> found = new ArrayList<>();
        String name = node.runtimeName(id);
        if (!Files.isDirectory(CGROUPS)) {
            return found;
        }
        try (DirectoryStream<Path> controllers = Files.newDirectoryStream(CGROUPS, Files::isDirectory)) {
            controllers.forEach(controller -> found.add(controller.resolve(name)));
        }
        found.add(CGROUPS.resolve(name));
        found.removeIf(group -> !Files.isDirectory(group));
        return found;
    }

    private static List<Long> members(Path group) {
        try {
            return Files.readAllLines(group.resolve("cgroup.procs")).stream().filter(line -> !line.isBlank())
                    .map(Long::parseLong).toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static void end(List<Long> pids) throws InterruptedException {
        List<ProcessMark> marks = pids.stream().flatMap(pid -> ProcessMark.of(pid).stream()).toList();
        marks.forEach(mark -> mark.signal(Signals.KILL));
        for (int step = 0; step < STEPS && marks.stream().anyMatch(ProcessMark::isAlive); step++) {
            Thread.sleep(STEP_MILLIS);
        }
    }
}
