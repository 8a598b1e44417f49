package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final Map<String, String> PROGRAMS = packagesByProgram();
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Map<String, String> environment;

    Prerequisites(Map<String, String> environment) {
        this.environment = environment;
    }

    private static Map<String, String> packagesByProgram() {
        Map<String, String> programs = new LinkedHashMap<>();
        programs.put("runc", "runc");
        programs.put("slirp4netns", "slirp4netns");
        programs.put("catatonit", "catatonit");
        programs.put("setsid", "util-linux");
        programs.put("mount", "mount");
        programs.put("unshare", "util-linux");
        programs.put("nsenter", "util-linux");
        programs.put("ip", "iproute2");
        return programs;
    }

    /**
     * Checks everything, and stops at the first thing that is missing.
     *
     * @param  scratch            a folder where the containers will be, for a trial mount
     * @return                    path of the init program
     * @throws LocalNodeException naming what is missing and the command that brings it
     */
    Path check(Path scratch) throws IOException, InterruptedException {
        for (Check check : checks(scratch)) {
            Prerequisite found = check.look();
            if (found.problem().isPresent()) {
                throw LocalNodeException.prerequisite("start the local node", found.problem().get(), found.remedy());
            }
        }
        return find("catatonit").orElseThrow();
    }

    /** Checks everything and says of each thing whether it is there. */
    List<Prerequisite> all(Path scratch) throws IOException, InterruptedException {
        List<Prerequisite> all = new ArrayList<>();
        for (Check check : checks(scratch)) {
            all.add(check.look());
        }
        return all;
    }

    private List<Check> checks(Path scratch) {
        return List.of(this::programs, this::namespaces, Prerequisites::tun, () -> overlay(scratch));
    }

    /** Looks for one prerequisite. */
    @FunctionalInterface
    private interface Check {
        Prerequisite look() throws IOException, InterruptedException;
    }

    private Prerequisite programs() {
        List<String> packages = missingPackages();
        return packages.isEmpty()
                ? Prerequisite.met("programs", String.join(", ", PROGRAMS.keySet()))
                : Prerequisite.missing("programs", "not installed: " + String.join(", ", packages),
                        "run: apt-get install -y " + String.join(" ", packages));
    }

    /** The Debian packages of the programs that are not in PATH. */
    List<String> missingPackages() {
        return PROGRAMS.entrySet().stream().filter(program -> find(program.getKey()).isEmpty())
                .map(Map.Entry::getValue).distinct().toList();
    }

    private Prerequisite namespaces() throws IOException, InterruptedException {
        Tool.Outcome trial = Tool.run(environment, Path.of("/"),
                List.of("unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "true"));
        return trial.succeeded()
                ? Prerequisite.met("namespaces", "mount, pid, net, uts and ipc can be made")
                : Prerequisite.missing("namespaces", "this user may not make namespaces (" + trial.output() + ")",
                        "run as root: sudo zship ..., or in a container started with --privileged");
    }

    private static Prerequisite tun() {
        if (!Files.exists(TUN)) {
            return Prerequisite.missing("network", TUN + " is missing, containers would have no network",
                    "run: modprobe tun; mkdir -p /dev/net; mknod /dev/net/tun c 10 200");
        }
        return Files.isReadable(TUN)
                ? Prerequisite.met("network", TUN + " can be opened")
                : Prerequisite.missing("network", TUN + " may not be opened by this user",
                        "run as root: sudo zship ...");
    }

    private Prerequisite overlay(Path scratch) throws IOException, InterruptedException {
        Path trial = scratch.resolve("overlay-trial");
        PrivateFiles.deleteTree(trial);
        for (String name : List.of("lower", "upper", "work", "root")) {
            PrivateFiles.createDirectories(trial.resolve(name));
        }
        Tool.Outcome mounted = Tool.run(environment, trial, List.of("unshare", "--mount", "mount", "-t", "overlay",
                "overlay", "-o", "lowerdir=lower,upperdir=upper,workdir=work", "root"));
        PrivateFiles.deleteTree(trial);
        return mounted.succeeded()
                ? Prerequisite.met("overlay", "an overlay can be mounted below " + scratch)
                : Prerequisite.missing("overlay", "no overlay can be mounted below " + scratch
                        + ": the kernel or the file system does not allow it (" + mounted.output() + ")",
                        "load the module: modprobe overlay; or keep the state on ext4 or xfs: XDG_STATE_HOME=/path zship ...");
    }

    /** The file of a program in PATH. */
    private Optional<Path> find(String program) {
        return Stream.of(environment.getOrDefault("PATH", DEFAULT_PATH).split(":")).filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, program)).filter(Files::isExecutable).findFirst();
    }
}
