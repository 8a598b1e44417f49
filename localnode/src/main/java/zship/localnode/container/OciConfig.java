package zship.localnode.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.GoJson;

/**
 * The runtime's description of a container and of processes in it, in the form of the OCI runtime specification 1.0.
 * Capabilities, mounts and devices are those that coreX of 0-core gives (measured).
 */
final class OciConfig {

    /** Where process 1 is found in every container. */
    static final String INIT = "/coreX";

    private final ContainerArguments arguments;

    OciConfig(ContainerArguments arguments) {
        this.arguments = arguments;
    }

    /**
     * The whole container.
     *
     * @param root      its files
     * @param cgroup    path of its control groups; empty where it can have none, as in a user namespace, in which device nodes
     *                  cannot be made either
     * @param catatonit the init program on this machine
     * @param mounts    what was asked for besides
     * @param devices   nodes to make besides those that every container has
     */
    String container(Path root, Optional<String> cgroup, Path catatonit, List<ContainerMount> mounts,
            List<Device> devices) {
        ObjectNode json = GoJson.object();
        json.put("ociVersion", "1.0.2");
        json.set("process", process(List.of(INIT, "-P"), "/", Map.of("PATH", "/bin", "HOME", "/")));
        json.putObject("root").put("path", root.toString()).put("readonly", false);
        json.put("hostname", arguments.effectiveHostname());
        ArrayNode list = json.putArray("mounts");
        systemMounts(list);
        add(list, ContainerMount.bound(catatonit, INIT, true));
        mounts.forEach(mount -> add(list, mount));
        if (arguments.hostNetwork()) {
            add(list, ContainerMount.bound(Path.of("/etc/resolv.conf"), "/etc/resolv.conf", true));
        }
        json.set("linux", linux(cgroup, devices));
        return GoJson.write(json);
    }

    /** One process: a program with its arguments, its directory and its environment. */
    ObjectNode process(List<String> command, String directory, Map<String, String> environment) {
        ObjectNode json = GoJson.object();
        json.put("terminal", false);
        json.putObject("user").put("uid", 0).put("gid", 0);
        ArrayNode args = json.putArray("args");
        command.forEach(args::add);
        ArrayNode env = json.putArray("env");
        environment.forEach((name, value) -> env.add(name + "=" + value));
        json.put("cwd", directory);
        ObjectNode capabilities = json.putObject("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            ArrayNode names = capabilities.putArray(set);
            (arguments.privileged() ? Capabilities.own() : Capabilities.UNPRIVILEGED).forEach(names::add);
        }
        return json.put("noNewPrivileges", false);
    }

    /** The default environment with what was asked for over it. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("HOME", "/");
        environment.putAll(new TreeMap<>(arguments.env().orElse(Map.of())));
        return environment;
    }

    private void systemMounts(ArrayNode list) {
        boolean privileged = arguments.privileged();
        mount(list, "/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev"));
        mount(list, "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
        mount(list, "/dev/pts", "devpts", "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"));
        if (!privileged) {
            mount(list, "/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev"));
        }
        String everybody = privileged ? "mode=755" : "mode=1777";
        mount(list, "/dev/shm", "tmpfs", "shm", List.of("nosuid", "noexec", "nodev", everybody, "size=65536k"));
        List<String> sysOptions = new ArrayList<>(List.of("nosuid", "noexec", "nodev", "ro"));
        if (arguments.hostNetwork()) {
            sysOptions.add("rbind");
            mount(list, "/sys", "none", "/sys", sysOptions);
        } else {
            mount(list, "/sys", "sysfs", "sysfs", sysOptions);
        }
    }

    private static void mount(ArrayNode list, String target, String type, String source, List<String> options) {
        ObjectNode mount = list.addObject().put("destination", target).put("type", type).put("source", source);
        ArrayNode all = mount.putArray("options");
        options.forEach(all::add);
    }

    private static void add(ArrayNode list, ContainerMount mount) {
        mount(list, mount.target(), mount.type(), mount.source(), mount.options());
    }

    private ObjectNode linux(Optional<String> cgroup, List<Device> devices) {
        ObjectNode linux = GoJson.object();
        cgroup.ifPresent(path -> linux.put("cgroupsPath", path));
        ArrayNode namespaces = linux.putArray("namespaces");
        List<String> types = new ArrayList<>(List.of("mount", "pid", "uts", "ipc"));
        if (!arguments.hostNetwork()) {
            types.add("network");
        }
        types.forEach(type -> namespaces.addObject().put("type", type));
        ArrayNode rules = linux.putObject("resources").putArray("devices");
        rules.addObject().put("allow", arguments.privileged()).put("access", "rwm");
        if (cgroup.isPresent()) {
            ArrayNode nodes = linux.putArray("devices");
            devices.forEach(device -> nodes.add(device.toJson()));
        }
        if (!arguments.privileged()) {
            ArrayNode masked = linux.putArray("maskedPaths");
            List.of("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware",
                    "/proc/scsi").forEach(masked::add);
            ArrayNode readOnly = linux.putArray("readonlyPaths");
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger").forEach(readOnly::add);
        }
        return linux;
    }
}
