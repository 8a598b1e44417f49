package zship.flow;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A user of the machine who is not root, with a home, subordinate ids and a copy of zship of his own, as the tree under test need
 * not be readable for him. He can open the devices that udev opens for all users elsewhere.
 */
final class OrdinaryUser implements AutoCloseable {
    private static final String NAME = "zship-it";
    private static final List<Path> DEVICES = List.of(Path.of("/dev/fuse"), Path.of("/dev/net/tun"));

    private static final Path LOCK = Path.of("target", "ordinary-user.lock");

    private final Path folder;
    private final FileChannel only;
    private final Map<Path, Set<PosixFilePermission>> before = new HashMap<>();

    /** Another JVM that has the user now is waited for. */
    OrdinaryUser(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.only = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        only.lock();
        try {
            make();
        } catch (IOException | InterruptedException | RuntimeException e) {
            only.close();
            throw e;
        }
    }

    private void make() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectory(folder.resolve("home"));
        run("useradd", "--no-create-home", "--home-dir", home.toString(), NAME);
        run("usermod", "--add-subuids", "700000-765535", "--add-subgids", "700000-765535", NAME);
        run("chown", NAME + ":", home.toString());
        Path build = Files.createDirectories(folder.resolve("project/.build"));
        run("cp", "-a", Zship.launcher().toString(), build.getParent().toString());
        run("cp", "-rL", "--preserve=timestamps", Zship.launcher().resolveSibling(".build/current").toString(),
                build.resolve("current").toString());
        run("chmod", "-R", "go+rX", build.toString());
        for (Path device : DEVICES) {
            before.put(device, Files.getPosixFilePermissions(device));
            Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
    }

    /** The command as this user runs it. */
    Zship zship() {
        return zship(List.of());
    }

    /** The command as this user runs it in a group that was given to him. */
    Zship zship(DelegatedGroup group) {
        return zship(group.entering());
    }

    private Zship zship(List<String> around) {
        Path home = folder.resolve("home");
        List<String> words = new ArrayList<>(around);
        words.addAll(List.of("runuser", "-u", NAME, "--", "sh", "-c", "shift; exec \"$0\" \"$@\"",
                folder.resolve("project/zship").toString()));
        return new Zship(home, home.resolve("cache")).by(words.toArray(String[]::new));
    }

    /** A control group of his own. */
    static DelegatedGroup group() throws IOException {
        return new DelegatedGroup(NAME);
    }

    /** What a program says that he runs. */
    static String runs(String... program) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("runuser", "-u", NAME, "--"));
        words.addAll(List.of(program));
        return run(words.toArray(String[]::new));
    }

    /** A copy of a file that is his. */
    Path give(Path file) throws IOException, InterruptedException {
        Path copy = folder.resolve("home").resolve(file.getFileName());
        Files.copy(file, copy);
        run("chown", NAME + ":", copy.toString());
        return copy;
    }

    /** His own copies of parts of a cache, so that nothing is fetched or compiled again. */
    void giveCache(Path cache, String... parts) throws IOException, InterruptedException {
        Path own = folder.resolve("home/cache");
        for (String part : parts) {
            Path copy = own.resolve(part);
            Files.createDirectories(copy.getParent());
            run("cp", "-a", cache.resolve(part).toString(), copy.toString());
        }
        run("chown", "-R", NAME + ":", own.toString());
    }

    /** His processes and those of his subordinate ids, once those that are ending have ended. */
    static List<String> processes() throws IOException, InterruptedException {
        String own = run("id", "-u", NAME).strip();
        List<String> found = new ArrayList<>();
        for (String line : run("ps", "-eo", "uid=,pid=,args=").lines().toList()) {
            String[] parts = line.strip().split("\\s+", 3);
            boolean his = parts[0].equals(own) || parts[0].length() == 6 && parts[0].startsWith("7");
            if (his && !Leftovers.ends(Long.parseLong(parts[1]))) {
                found.add(line);
            }
        }
        return found;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(Stream.of(command).toList() + ": " + said);
        }
        return said;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try (only) {
            run("rm", "-rf", folder.resolve("home/cache").toString());
            for (Map.Entry<Path, Set<PosixFilePermission>> device : before.entrySet()) {
                Files.setPosixFilePermissions(device.getKey(), device.getValue());
            }
            run("userdel", "--force", NAME);
        }
    }
}
