package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import zship.localnode.process.PrivateFiles;
import zship.localnode.process.Tool;

/** What a machine must have before a node can run containers; checked at the start, so that nothing fails halfway. */
final class Prerequisites {

    /** Program to Debian package. */
    private static final Map<String, String> PROGRAMS = programs();
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Map<String, String> environment;

    Prerequisites(Map<String, String> environment) {
        this.environment = environment;
    }

    private static Map<String, String> programs() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("runc", "runc");
        programs.put("slirp4netns", "slirp4netns");
        programs.put("catatonit", "catatonit");
        programs.put("setsid", "util-linux");
        programs.put("mount", "mount");
        programs.put("unshare", "util-linux");
        return programs;
    }

    /**
     * Checks everything.
     *
     * @param  scratch            a folder where the containers will be, for a trial mount
     * @return                    path of the init program
     * @throws LocalNodeException naming what is missing and the command that brings it
     */
    Path check(Path scratch) throws IOException, InterruptedException {
        List<String> packages = missingPackages();
        if (!packages.isEmpty()) {
            throw LocalNodeException.prerequisite("start the local node",
                    "not installed: " + String.join(", ", packages),
                    "run: apt-get install -y " + String.join(" ", packages));
        }
        checkNamespaces();
        checkTun();
        checkOverlay(scratch);
        return find("catatonit").orElseThrow();
    }

    /** The Debian packages of the programs that are not in PATH. */
    List<String> missingPackages() {
        return PROGRAMS.entrySet().stream().filter(program -> find(program.getKey()).isEmpty())
                .map(Map.Entry::getValue).distinct().toList();
    }

    private void checkNamespaces() throws IOException, InterruptedException {
        Tool.Outcome trial = Tool.run(environment, Path.of("/"),
                List.of("unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "true"));
        if (!trial.succeeded()) {
            throw LocalNodeException.prerequisite("start the local node",
                    "this user may not make namespaces (" + trial.output() + ")",
                    "run as root: sudo zship ..., or in a container started with --privileged");
        }
    }

    private static void checkTun() {
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw LocalNodeException.prerequisite("start the local node",
                    "/dev/net/tun is missing, containers would have no network",
                    "run: modprobe tun; mkdir -p /dev/net; mknod /dev/net/tun c 10 200");
        }
        if (!Files.isReadable(Path.of("/dev/net/tun"))) {
            throw LocalNodeException.prerequisite("start the local node", "/dev/net/tun may not be opened by this user",
                    "run as root: sudo zship ...");
        }
    }

    private void checkOverlay(Path scratch) throws IOException, InterruptedException {
        Path trial = scratch.resolve("overlay-trial");
        PrivateFiles.deleteTree(trial);
        for (String name : List.of("lower", "upper", "work", "root")) {
            PrivateFiles.createDirectories(trial.resolve(name));
        }
        Tool.Outcome mounted = Tool.run(environment, trial, List.of("unshare", "--mount", "mount", "-t", "overlay",
                "overlay", "-o", "lowerdir=lower,upperdir=upper,workdir=work", "root"));
        PrivateFiles.deleteTree(trial);
        if (!mounted.succeeded()) {
            throw LocalNodeException.prerequisite("mount an overlay below " + scratch,
                    "the kernel or the file system does not allow it (" + mounted.output() + ")",
                    "load the module: modprobe overlay; or keep the state on ext4 or xfs: XDG_STATE_HOME=/path zship ...");
        }
    }

    /** The file of a program in PATH. */
    private Optional<Path> find(String program) {
        return Stream.of(environment.getOrDefault("PATH", DEFAULT_PATH).split(":")).filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, program)).filter(Files::isExecutable).findFirst();
    }
}
