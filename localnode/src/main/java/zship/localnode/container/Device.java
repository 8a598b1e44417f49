package zship.localnode.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import tools.jackson.databind.node.ObjectNode;

import zship.flist.disk.FileStatus;
import zship.flist.disk.SystemCalls;
import zship.localnode.job.GoJson;

/**
 * A device node of a container.
 *
 * @param path  where it is in the container
 * @param block whether it is a block device, not a character device
 * @param major number of its driver
 * @param minor number that its driver knows it by
 * @param mode  permission bits
 * @param uid   owner
 * @param gid   group
 */
record Device(String path, boolean block, long major, long minor, int mode, long uid, long gid) {

    /** The console that coreX of 0-core makes (measured). */
    static final Device CONSOLE = new Device("/dev/console", false, 136, 2, 0600, 0, 0);

    private static final Path FOLDER = Path.of("/dev");
    /** File systems of their own, and what the runtime makes anew for each container. */
    private static final Set<String> LEFT_OUT = Set.of("/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/hugepages",
            "/dev/ptmx");
    private static final int MOST = 10_000;

    /**
     * All devices of this machine that have a name now. A container with the machine's own devtmpfs would have them too, but
     * there is only one devtmpfs: removing a node in the container would remove it from the machine.
     */
    static List<Device> ofMachine() throws IOException {
        List<Device> found = new ArrayList<>();
        Files.walkFileTree(FOLDER, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) {
                return isLeftOut(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                if (facts.isOther() && !isLeftOut(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    add(file, found);
                }
                return found.size() < MOST ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        if (found.stream().noneMatch(device -> device.path().equals(CONSOLE.path()))) {
            found.add(CONSOLE);
        }
        found.sort(Comparator.comparing(Device::path));
        return found;
    }

    private static boolean isLeftOut(Path file) {
        return LEFT_OUT.contains(file.toString());
    }

    private static void add(Path file, List<Device> found) throws IOException {
        FileStatus status = FileStatus.of(file);
        boolean block = status.type() == FileStatus.BLOCK;
        if (block || status.type() == FileStatus.CHARACTER) {
            found.add(new Device(file.toString(), block, SystemCalls.major(status.device()),
                    SystemCalls.minor(status.device()), status.mode(), status.uid(), status.gid()));
        }
    }

    /** In the form of the runtime's specification. */
    ObjectNode toJson() {
        return GoJson.object().put("path", path).put("type", block ? "b" : "c").put("major", major)
                .put("minor", minor).put("fileMode", mode).put("uid", uid).put("gid", gid);
    }
}
