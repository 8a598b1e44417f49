package zship.localnode.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The control groups of one node, below a group of its own. Version 1 has a hierarchy for each subsystem; in version 2 all
 * subsystems share one, so that groups of the same name are one group and a process is in the one it was put in last.
 *
 * <p>Who is not root can make groups in version 2 below a group that was delegated to him, such as the one that systemd makes
 * for a user's services, and move only processes that are below it already.
 */
public final class ControlGroups {

    /** The subsystems that groups can be made in, in the order lists show them. */
    public static final List<String> SUBSYSTEMS = List.of("memory", "cpuset", "devices");

    private static final System.Logger LOG = System.getLogger(ControlGroups.class.getName());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    private static final String MEMBERS = "cgroup.procs";
    private static final String BELOW = "cgroup.subtree_control";
    /** What {@code /proc/PID/cgroup} says of version 2. */
    private static final String UNIFIED = "0::/";
    private static final List<String> CPUSET = List.of("cpuset.cpus", "cpuset.mems");

    private final Path base;
    private final Path home;
    private final String prefix;
    private final boolean unified;

    private ControlGroups(Path base, Path home, String prefix, boolean unified) {
        this.base = base;
        this.home = home;
        this.prefix = prefix;
        this.unified = unified;
    }

    /**
     * The groups of a node in this process.
     *
     * @param mount       where the kernel shows control groups, {@code /sys/fs/cgroup}
     * @param memberships the groups of this process, as {@code /proc/self/cgroup} names them
     * @param prefix      name of the group that holds this node's
     */
    public static ControlGroups of(Path mount, List<String> memberships, String prefix) {
        boolean unified = Files.exists(mount.resolve("cgroup.controllers"));
        if (unified && !isGiven(mount)) {
            Path home = memberships.stream().filter(line -> line.startsWith(UNIFIED)).findFirst()
                    .map(line -> mount.resolve(line.substring(UNIFIED.length())).normalize()).orElse(mount);
            Optional<Path> delegated = Optional.empty();
            for (Path group = home; group != null && group.startsWith(mount); group = group.getParent()) {
                delegated = isGiven(group) ? Optional.of(group) : delegated;
            }
            if (delegated.isPresent()) {
                return new ControlGroups(delegated.get(), home, prefix, true);
            }
        }
        return new ControlGroups(mount, mount, prefix, unified);
    }

    /** Whether this process may make groups below that one and move processes to them. */
    private static boolean isGiven(Path group) {
        return Files.isWritable(group) && Files.isWritable(group.resolve(MEMBERS))
                && Files.isWritable(group.resolve(BELOW));
    }

    /** One group: the file system's view of it. */
    public record Group(Path directory, boolean unified) {

        /** Processes in it, not in groups below it. */
        public List<Long> members() throws IOException {
            return Files.readAllLines(directory.resolve(MEMBERS)).stream().filter(line -> line.matches("\\d+"))
                    .map(Long::parseLong).toList();
        }

        /** Moves a process here. */
        public void add(long pid) throws IOException {
            Files.writeString(directory.resolve(MEMBERS), Long.toString(pid));
        }

        /** A setting; empty when the kernel does not have it. */
        Optional<String> read(String name) throws IOException {
            Path file = directory.resolve(name);
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        }

        void write(String name, String value) throws IOException {
            Files.writeString(directory.resolve(name), value);
        }
    }

    /** Whether that is a subsystem. */
    static boolean isSubsystem(String subsystem) {
        return SUBSYSTEMS.contains(subsystem);
    }

    private Path own(String subsystem) {
        return (unified ? base : base.resolve(subsystem)).resolve(prefix);
    }

    /** An existing group. */
    public Optional<Group> find(String subsystem, String name) {
        if (!isSubsystem(subsystem) || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.of(own(subsystem).resolve(name)).filter(Files::isDirectory)
                .map(directory -> new Group(directory, unified));
    }

    /** Names of the groups of a subsystem. */
    List<String> names(String subsystem) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(own(subsystem))) {
            try (DirectoryStream<Path> groups = Files.newDirectoryStream(own(subsystem), Files::isDirectory)) {
                groups.forEach(group -> names.add(String.valueOf(group.getFileName())));
            }
        }
        names.sort(null);
        return names;
    }

    /** Makes a group unless it is there. */
    void ensure(String subsystem, String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("invalid cgroup name '" + name + "'");
        }
        Path own = own(subsystem);
        if (!Files.isWritable(unified ? base : base.resolve(subsystem))) {
            throw new IOException("no right to make control groups in " + base
                    + ": the node does not run as root, and none was delegated to its user");
        }
        if (unified) {
            delegate(base);
            Files.createDirectories(own);
            delegate(own);
            Files.createDirectories(own.resolve(name));
            return;
        }
        for (Path group : List.of(own, own.resolve(name))) {
            Files.createDirectories(group);
            if (subsystem.equals("cpuset")) {
                inheritSets(group);
            }
        }
    }

    /** Version 2 gives a controller to the groups below only when told to; what cannot be had is left out. */
    private static void delegate(Path group) {
        for (String controller : List.of("+memory", "+cpuset")) {
            try {
                Files.writeString(group.resolve(BELOW), controller);
            } catch (IOException unavailable) {
                LOG.log(System.Logger.Level.DEBUG, "{0} {1}: {2}", group, controller, unavailable.getMessage());
            }
        }
    }

    /** A new group of version 1 has no processor, and takes no process, until it is given some. */
    private static void inheritSets(Path group) throws IOException {
        for (String file : CPUSET) {
            if (Files.readString(group.resolve(file)).isBlank()) {
                Files.writeString(group.resolve(file), Files.readString(group.resolveSibling(file)));
            }
        }
    }

    /** Removes a group; its processes go back. A missing one is fine. */
    void remove(String subsystem, String name) throws IOException {
        Optional<Group> group = find(subsystem, name);
        if (group.isPresent()) {
            for (long pid : group.get().members()) {
                release(subsystem, pid);
            }
            Files.deleteIfExists(group.get().directory());
        }
    }

    /** Moves a process to the group of the whole machine or, where that is not this node's to use, to that of the node. */
    void release(String subsystem, long pid) throws IOException {
        new Group(unified ? home : home.resolve(subsystem), unified).add(pid);
    }

    /** Removes all groups of this node. */
    public void removeAll() throws IOException {
        for (String subsystem : SUBSYSTEMS) {
            for (String name : names(subsystem)) {
                remove(subsystem, name);
            }
            if (Files.isDirectory(own(subsystem))) {
                Files.delete(own(subsystem));
            }
        }
    }
}
