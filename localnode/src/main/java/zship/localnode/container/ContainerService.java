package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import zship.localnode.attendant.Attendant;
import zship.localnode.cgroup.ControlGroupCommands;
import zship.localnode.cgroup.ControlGroups;
import zship.localnode.job.Builtin;
import zship.localnode.job.Results;
import zship.localnode.job.SettingsCommand;
import zship.localnode.mount.RootMode;
import zship.localnode.process.Credentials;

/** Everything about containers that the node needs: start, commands, end. */
public final class ContainerService {

    /**
     * What containers need from their node.
     *
     * @param stateDirectory folder that gets {@code containers/}, {@code roots/} and {@code runc/}
     * @param environment    environment of the system's programs
     * @param catatonit      the init program
     * @param results        where results go
     * @param clock          time of results
     * @param storage        chunk store of containers that name none
     * @param version        version of the node's program
     * @param roots          how the files of containers come to this machine
     */
    public record Settings(Path stateDirectory, Map<String, String> environment, Path catatonit, Results results,
            Clock clock, String storage, String version, RootMode roots) {
    }

    private final Containers containers;

    private ContainerService(Containers containers) {
        this.containers = containers;
    }

    /**
     * Takes over the containers of an earlier node process and removes what is left of others.
     *
     * @throws IOException when the state cannot be used, or something left over cannot be removed
     */
    public static ContainerService start(Settings settings) throws IOException, InterruptedException {
        Path state = settings.stateDirectory().toRealPath();
        Toolbox tools = new Toolbox(settings.environment(), settings.catatonit(),
                Credentials.areOfUserNamespace());
        String prefix = "zship-" + Integer.toHexString(state.toString().hashCode());
        Path roots = state.resolve("roots");
        Attendant attendant = Attendant.find(state, () -> RootMounts.cleanUp(roots));
        NodeParts node = new NodeParts(tools, new Runc(tools, state.resolve("runc")),
                attendant, new Roots(roots, settings.clock(), new RootMounts(attendant), settings.roots()),
                settings.results(), settings.clock(),
                state.resolve("containers"), prefix, settings.storage(), settings.version(),
                StartupFile.kernelParameters(Files.readString(Path.of("/proc/cmdline"))),
                ControlGroups.of(Path.of("/sys/fs/cgroup"), Files.readAllLines(Path.of("/proc/self/cgroup")),
                        prefix + "-groups"));
        ContainerService service = new ContainerService(new Containers(node));
        service.containers.adopt();
        return service;
    }

    /** The commands {@code corex.*}, {@code cgroup.*}, {@code socat.*}, {@code nft.*} and {@code config.get}. */
    public Map<String, Builtin> commands() {
        NodeParts node = containers.node();
        Map<String, Builtin> all = new LinkedHashMap<>(new ContainerCommands(containers).all());
        all.putAll(new ForwardCommands(containers, node.clock()).all());
        all.putAll(ControlGroupCommands.of(node.groups()));
        all.put("config.get", arguments -> SettingsCommand.settings(node.storage(), Containers.MOST));
        return all;
    }

    /** Whether a process is the one that forwards ports to the containers. */
    public boolean isForwarder(long pid) {
        return containers.node().attendant().process().filter(attendant -> attendant.pid() == pid).isPresent();
    }

    /** Number of containers, those being made included. */
    public int count() {
        return containers.list().size();
    }

    /** Ends all containers; returns what could not be removed, one sentence each. */
    public List<String> terminateAll() throws InterruptedException {
        List<String> problems = new ArrayList<>(containers.terminateAll());
        try {
            containers.node().groups().removeAll();
        } catch (IOException stuck) {
            problems.add("control groups: " + stuck.getMessage());
        }
        return problems;
    }

    /** Stops following the containers; they go on. What only serves containers ends when there are none. */
    public void detach() throws IOException, InterruptedException {
        containers.detach();
    }
}
