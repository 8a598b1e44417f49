package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import zship.localnode.process.Credentials;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.Tool;

/** What a machine must have before a node can run containers; checked at the start, so that nothing fails halfway. */
final class Prerequisites {

    /** Program to Debian package. */
    private static final Map<String, String> PROGRAMS = packagesByProgram();
    private static final Path TUN = Path.of("/dev/net/tun");
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final Path SUBUID = Path.of("/etc/subuid");
    private static final Path SUBGID = Path.of("/etc/subgid");
    /** Settings of the kernel that keep users from making namespaces, and the values that do. */
    private static final Map<String, String> OBSTACLES = Map.of("kernel/unprivileged_userns_clone", "0",
            "user/max_user_namespaces", "0", "kernel/apparmor_restrict_unprivileged_userns", "1");

    private final Map<String, String> environment;
    private final boolean root;

    Prerequisites(Map<String, String> environment) {
        this(environment, Credentials.own().isRoot());
    }

    /** As root, which may be the root of a user namespace, or as somebody who needs one for everything else. */
    Prerequisites(Map<String, String> environment, boolean root) {
        this.environment = environment;
        this.root = root;
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
        List<Check> checks = new ArrayList<>(List.of(this::programs));
        if (!root) {
            checks.addAll(List.of(this::userNamespace, () -> ids(SUBUID, SUBGID)));
        }
        checks.addAll(List.of(this::namespaces, Prerequisites::tun, () -> overlay(scratch)));
        return checks;
    }

    /**
     * Checks what somebody who is not root needs to be root of a user namespace.
     *
     * @return                    his subordinate ids
     * @throws LocalNodeException naming what is missing and the command that brings it
     */
    SubordinateIds checkUser() throws IOException, InterruptedException {
        for (Check check : List.<Check>of(this::programs, this::userNamespace, () -> ids(SUBUID, SUBGID))) {
            Prerequisite found = check.look();
            if (found.problem().isPresent()) {
                throw LocalNodeException.prerequisite("start the local node without root", found.problem().get(),
                        found.remedy());
            }
        }
        return SubordinateIds.of(userName(), Credentials.own().uid(), SUBUID, SUBGID);
    }

    private static String userName() {
        return System.getProperty("user.name", "");
    }

    private Prerequisite userNamespace() throws IOException, InterruptedException {
        Tool.Outcome trial = Tool.run(environment, Path.of("/"), inUserNamespace("true"));
        return trial.succeeded()
                ? Prerequisite.met("user namespace", "can be made without root")
                : Prerequisite.missing("user namespace", "this user may not make one (" + trial.output() + ")",
                        obstacle().map(setting -> "allow it: sudo sysctl -w " + setting
                                + "; or run as root: sudo zship ...")
                                .orElse("run as root: sudo zship ..."));
    }

    /** The setting that has to change before users can make namespaces. */
    private static Optional<String> obstacle() {
        for (Map.Entry<String, String> setting : new TreeMap<>(OBSTACLES).entrySet()) {
            try {
                String value = Files.readString(Path.of("/proc/sys", setting.getKey())).strip();
                if (value.equals(setting.getValue())) {
                    String wanted = setting.getKey().startsWith("user/") ? "15000" : value.equals("0") ? "1" : "0";
                    return Optional.of(setting.getKey().replace('/', '.') + "=" + wanted);
                }
            } catch (IOException otherKernel) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** Services often run as a user of their own, who must exist in the namespace. */
    Prerequisite ids(Path subuid, Path subgid) {
        String name = userName();
        SubordinateIds ids = SubordinateIds.of(name, Credentials.own().uid(), subuid, subgid);
        return ids.suffice()
                ? Prerequisite.met("subordinate ids", "services can run as users of their own")
                : Prerequisite.missing("subordinate ids",
                        name + " has fewer than " + SubordinateIds.NEEDED + " in " + subuid + " or " + subgid,
                        "run: " + SubordinateIds.remedy(name, subuid, subgid));
    }

    /** The command, run as root of a user namespace that ends with it. */
    private static List<String> inUserNamespace(String... command) {
        List<String> whole = new ArrayList<>(List.of("unshare", "--user", "--map-root-user"));
        whole.addAll(List.of(command));
        return whole;
    }

    private Tool.Outcome attempt(Path directory, String... command) throws IOException, InterruptedException {
        return Tool.run(environment, directory, root ? List.of(command) : inUserNamespace(command));
    }

    /** Looks for one prerequisite. */
    @FunctionalInterface
    private interface Check {
        Prerequisite look() throws IOException, InterruptedException;
    }

    private Prerequisite programs() {
        List<String> packages = missingPackages();
        return packages.isEmpty()
                ? Prerequisite.met("programs", String.join(", ", needed().keySet()))
                : Prerequisite.missing("programs", "not installed: " + String.join(", ", packages),
                        "run: " + (root ? "" : "sudo ") + "apt-get install -y " + String.join(" ", packages));
    }

    /** The Debian packages of the programs that are not in PATH. */
    List<String> missingPackages() {
        return needed().entrySet().stream().filter(program -> find(program.getKey()).isEmpty())
                .map(Map.Entry::getValue).distinct().toList();
    }

    private Map<String, String> needed() {
        Map<String, String> programs = new LinkedHashMap<>(PROGRAMS);
        if (!root) {
            programs.put("newuidmap", "uidmap");
            programs.put("newgidmap", "uidmap");
        }
        return programs;
    }

    private Prerequisite namespaces() throws IOException, InterruptedException {
        Tool.Outcome trial = attempt(Path.of("/"), "unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork",
                "true");
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
        return Files.isReadable(TUN) && Files.isWritable(TUN)
                ? Prerequisite.met("network", TUN + " can be opened")
                : Prerequisite.missing("network", TUN + " may not be opened by this user",
                        "run: sudo chmod 666 " + TUN + "; or run as root: sudo zship ...");
    }

    private Prerequisite overlay(Path scratch) throws IOException, InterruptedException {
        Path trial = scratch.resolve("overlay-trial");
        PrivateFiles.deleteTree(trial);
        for (String name : List.of("lower", "upper", "work", "root")) {
            PrivateFiles.createDirectories(trial.resolve(name));
        }
        boolean ofUser = !root || Credentials.areOfUserNamespace();
        Tool.Outcome mounted = attempt(trial, "unshare", "--mount", "mount", "-t", "overlay", "overlay", "-o",
                "lowerdir=lower,upperdir=upper,workdir=work" + (ofUser ? ",userxattr" : ""), "root");
        // The kernel leaves a folder there that its owner may not even look into.
        Path left = trial.resolve("work").resolve("work");
        if (Files.exists(left)) {
            Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwx------"));
        }
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
