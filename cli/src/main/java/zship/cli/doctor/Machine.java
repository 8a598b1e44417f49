package zship.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import zship.builder.recipe.Recipes;
import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.disk.DiskFaults;
import zship.flist.mount.FuseSupport;
import zship.localnode.LocalNode;
import zship.localnode.LocalNodeException;
import zship.localnode.Prerequisite;
import zship.localnode.UserNamespace;

/** The checks of this machine. */
final class Machine {
    private static final String SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Path FUSE = Path.of("/dev/fuse");
    private static final int NEEDED_JAVA = 25;
    /** What a build of Icecast and its containers take, with some room: 144 MiB and 2 x 57 MiB were measured. */
    private static final long NEEDED_BYTES = 500L << 20;
    /** Before this program was written: a clock that says so was never set. */
    private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");

    private final Session session;

    Machine(Session session) {
        this.session = session;
    }

    Check java() {
        String found = Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= NEEDED_JAVA
                ? Check.ok("java", found)
                : Check.fail("java", found + " is older than " + NEEDED_JAVA,
                        "install a JDK " + NEEDED_JAVA + ", or set JAVA_HOME to one");
    }

    Check system() {
        String kernel = System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch");
        String found = distribution().map(it -> it + ", " + kernel).orElse(kernel);
        return System.getProperty("os.arch", "").equals("amd64") && found.contains("Linux")
                ? Check.ok("system", found)
                : Check.fail("system", found, "use Linux on x86-64; others are not supported yet");
    }

    private static Optional<String> distribution() {
        try {
            return Files.readAllLines(Path.of("/etc/os-release")).stream().filter(it -> it.startsWith("PRETTY_NAME="))
                    .map(it -> it.substring("PRETTY_NAME=".length()).replace("\"", "")).findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    Check user() {
        String name = System.getProperty("user.name", "?");
        return isRoot()
                ? Check.ok("user", name)
                : Check.ok("user", name + ", not root: containers run in a user namespace, packages are not installed");
    }

    private static boolean isRoot() {
        return !UserNamespace.isNeeded();
    }

    List<Check> folders() {
        List<Check> checks = new ArrayList<>();
        Map<String, Path> folders = new TreeMap<>(
                Map.of("cache folder", session.folders().cache(), "state folder", session.folders().state()));
        folders.forEach((name, folder) -> checks.add(folder(name, folder)));
        return checks;
    }

    private Check folder(String name, Path folder) {
        try {
            Files.createDirectories(folder);
            Path trial = Files.createTempFile(folder, ".doctor", "");
            Files.delete(trial);
            long free = Files.getFileStore(folder).getUsableSpace();
            String found = session.shown(folder) + ", " + Sizes.bytes(free) + " free";
            return free >= NEEDED_BYTES
                    ? Check.ok(name, found)
                    : Check.note(name, found + ", a first up takes " + Sizes.bytes(NEEDED_BYTES),
                            "make room, or keep it elsewhere: XDG_STATE_HOME, XDG_CACHE_HOME");
        } catch (IOException e) {
            return Check.fail(name, session.shown(folder) + ": " + DiskFaults.reason(e),
                    "check the folder's owner and free space: df -h " + folder);
        }
    }

    /** Empty where the packages cannot be asked for. */
    Optional<Check> buildPackages() {
        List<String> needed = Recipes.builtIn("icecast").definition().compile().packages();
        Path log = session.folders().cache().resolve("logs").resolve("doctor.log");
        DebianPackages machine = new DebianPackages(new Toolbox(SYSTEM_PATH, Map.of("LC_ALL", "C"), log),
                session.environment());
        if (!machine.available()) {
            return Optional.of(Check.note("build packages", "this is not Debian; nothing is installed by zship",
                    "install what Debian calls " + String.join(" ", needed)));
        }
        try {
            List<String> missing = new ArrayList<>(needed);
            missing.removeAll(machine.installed(needed).keySet());
            if (missing.isEmpty()) {
                return Optional.of(Check.ok("build packages", needed.size() + " are installed"));
            }
            String command = "apt-get install --no-install-recommends " + String.join(" ", missing);
            return Optional.of(isRoot()
                    ? Check.note("build packages", "not installed: " + String.join(", ", missing)
                            + "; up installs them", command)
                    : Check.fail("build packages", "not installed: " + String.join(", ", missing),
                            "as root: " + command));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    List<Check> containers() {
        List<Prerequisite> all;
        try {
            all = LocalNode.prerequisites(session.environment(), session.nodeState());
        } catch (LocalNodeException e) {
            return List.of(Check.fail("local node", e.what() + ": " + e.why(), e.hint()));
        }
        return all.stream().map(it -> it.problem().map(problem -> Check.fail(it.name(), problem, it.remedy()))
                .orElseGet(() -> Check.ok(it.name(), it.found()))).toList();
    }

    Check fuse() {
        if (!isRoot()) {
            return deviceOfFuse();
        }
        FuseSupport fuse = FuseSupport.check();
        return fuse.usable()
                ? Check.ok("fuse", "flists can be mounted")
                : Check.note("fuse", fuse.why() + "; containers start when all of their files have been fetched",
                        "run: " + fuse.remedy());
    }

    /** Who is not root mounts in the node's user namespace, so nothing can be tried here but the device. */
    private static Check deviceOfFuse() {
        return Files.isReadable(FUSE) && Files.isWritable(FUSE)
                ? Check.ok("fuse", FUSE + " can be opened")
                : Check.note("fuse", Files.exists(FUSE)
                        ? FUSE + " may not be opened by this user; containers start when all of their files have been fetched"
                        : "there is no " + FUSE + "; containers start when all of their files have been fetched",
                        Files.exists(FUSE) ? "run: sudo chmod 666 " + FUSE : "run: sudo modprobe fuse");
    }

    Check clock() {
        Instant now = Instant.now();
        return now.isAfter(EARLIEST)
                ? Check.ok("clock", now.toString())
                : Check.fail("clock", now + " cannot be true; certificates and tokens are refused",
                        "set the clock, such as with chronyc makestep");
    }
}
