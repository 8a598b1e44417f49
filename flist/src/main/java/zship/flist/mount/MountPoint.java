package zship.flist.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import zship.flist.FlistException;
import zship.flist.disk.BytePaths;
import zship.flist.disk.DiskFaults;
import zship.flist.disk.FileStatus;

/** A directory that an flist is to be seen in, and how it gets there: the kernel's FUSE device and {@code mount(2)}. */
final class MountPoint {
    private static final Path DEVICE = Path.of("/dev/fuse");
    private static final String TYPE = "fuse.zship";
    private static final String READ_AHEAD_KIB = "1024";

    private final Path target;
    private final String what;

    /** One line of {@code /proc/self/mountinfo} (documented in the kernel's filesystems/proc). */
    private record Mounted(String device, String path, String type) {
    }

    MountPoint(Path target) {
        this.target = target.toAbsolutePath().normalize();
        this.what = "mount an flist at " + target;
    }

    Path target() {
        return target;
    }

    /**
     * Mounts, and returns the descriptor on which the kernel asks.
     *
     * @throws FlistException of kind PREREQUISITE when this machine or this user cannot, NOT_FOUND without the directory
     */
    int mount(String source) {
        prepare();
        int descriptor = Kernel.open(DEVICE);
        if (descriptor < 0) {
            throw noDevice(-descriptor);
        }
        int mounted = Kernel.mount(source, target, "fd=" + descriptor + ",rootmode=40000," + owner()
                + ",allow_other,default_permissions");
        if (mounted < 0) {
            Kernel.close(descriptor);
            throw refused(-mounted);
        }
        return descriptor;
    }

    /** The directory must be there; what a process that died has left mounted on it goes. */
    private void prepare() {
        removeDead();
        if (isMounted()) {
            throw new FlistException(FlistException.Kind.FAILED, what, "an flist is mounted there already",
                    "umount " + target);
        }
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new FlistException(FlistException.Kind.NOT_FOUND, what, "it is not a directory",
                    "name a directory, or a new one: mkdir DIRECTORY");
        }
        if (!Files.isDirectory(target)) {
            throw new FlistException(FlistException.Kind.NOT_FOUND, what, "there is no such directory",
                    "mkdir " + target);
        }
    }

    /** Unmounts what a process that has ended left here; false when there is nothing of that kind. */
    boolean removeDead() {
        return isMounted() && !answers() && Kernel.unmount(target) == 0;
    }

    private boolean isMounted() {
        return find().filter(it -> it.type.equals(TYPE)).isPresent();
    }

    /** Asks for what nobody has asked for, since the kernel itself answers what it knows, also for a process that is dead. */
    private boolean answers() {
        try {
            FileStatus.of(target.resolve(".unknown-" + System.nanoTime()));
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private FlistException noDevice(int error) {
        boolean absent = error == Kernel.ENOENT;
        return new FlistException(FlistException.Kind.PREREQUISITE, what,
                absent ? "there is no " + DEVICE : DEVICE + " cannot be opened: " + Kernel.reason(error),
                absent
                        ? "modprobe fuse; in a container, start that with --device /dev/fuse"
                        : "run the command as root, or allow it: chmod 666 " + DEVICE);
    }

    private FlistException refused(int error) {
        boolean denied = error == Kernel.EPERM;
        return new FlistException(denied ? FlistException.Kind.PREREQUISITE : FlistException.Kind.FAILED, what,
                denied ? "this user may not mount file systems" : Kernel.reason(error),
                denied
                        ? "run the command as root; in a container, start that with --cap-add SYS_ADMIN"
                        : "check the directory: findmnt " + target);
    }

    private String owner() {
        try {
            FileStatus self = FileStatus.of(Path.of("/proc/self/status"));
            return "user_id=" + self.uid() + ",group_id=" + self.gid();
        } catch (IOException e) {
            throw new FlistException(FlistException.Kind.FAILED, what, DiskFaults.reason(e), "mount /proc", e);
        }
    }

    /** Lets the kernel ask for a megabyte at a time when a file is read from front to back. Without that it is only slower. */
    void readAhead() {
        Optional<Path> setting = find().map(it -> Path.of("/sys/class/bdi", it.device, "read_ahead_kb"));
        if (setting.filter(Files::isWritable).isPresent()) {
            try {
                Files.writeString(setting.get(), READ_AHEAD_KIB);
            } catch (IOException e) {
                System.getLogger(MountPoint.class.getName()).log(System.Logger.Level.DEBUG, "read-ahead stays: {0}",
                        e.getMessage());
            }
        }
    }

    /** Takes the mount out of sight. Who has files of it open goes on using them. */
    void unmount() {
        if (isMounted()) {
            int result = Kernel.unmount(target);
            if (result < 0 && result != -Kernel.EINVAL && result != -Kernel.ENOENT) {
                throw new FlistException(FlistException.Kind.FAILED, "unmount " + target, Kernel.reason(-result),
                        "umount -l " + target);
            }
        }
    }

    /** What is mounted there last. */
    private Optional<Mounted> find() {
        String wanted = escaped(target);
        try {
            List<Mounted> found = Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)
                    .stream().map(MountPoint::parse).filter(it -> it.path.equals(wanted)).toList();
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
        } catch (IOException e) {
            throw new FlistException(FlistException.Kind.FAILED, what, DiskFaults.reason(e), "mount /proc", e);
        }
    }

    private static Mounted parse(String line) {
        String[] fields = line.split(" ");
        int separator = 6;
        while (separator < fields.length - 1 && !fields[separator].equals("-")) {
            separator++;
        }
        return new Mounted(fields[2], fields[4], separator + 1 < fields.length ? fields[separator + 1] : "");
    }

    /** As the kernel writes paths there: blanks and backslashes in octal, every other byte as it is. */
    private static String escaped(Path path) {
        return new String(BytePaths.bytes(path), StandardCharsets.ISO_8859_1).replace("\\", "\\134")
                .replace(" ", "\\040").replace("\t", "\\011").replace("\n", "\\012");
    }
}
