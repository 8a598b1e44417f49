package zship.localnode;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.container.ContainerService;
import zship.localnode.files.FileCommands;
import zship.localnode.files.RootedFiles;
import zship.localnode.hub.HubServer;
import zship.localnode.hub.HubStore;
import zship.localnode.job.Builtin;
import zship.localnode.job.Core;
import zship.localnode.job.GeneralCommands;
import zship.localnode.job.QueueReader;
import zship.localnode.job.Results;
import zship.localnode.process.Credentials;
import zship.localnode.process.HostSpawner;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcStat;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProcessTable;
import zship.localnode.resp.Keyspace;
import zship.localnode.store.StoreServer;

/**
 * An embedded Zero-OS node: one process that speaks the node protocol, keeps chunks like a 0-db and serves flists like a
 * hub, all on 127.0.0.1. Its containers are processes of the system, not of this one: they outlive it.
 */
public final class LocalNode implements AutoCloseable {

    /** Version of the node's program. */
    public static final String VERSION = "0.1.0";

    private static final System.Logger LOG = System.getLogger(LocalNode.class.getName());
    private static final int PREFERRED_STORE_PORT = 19900;
    private static final int PREFERRED_HUB_PORT = 18081;
    private static final long KEYSPACE_BYTES = 256L << 20;

    private final Deque<AutoCloseable> parts;
    private final ContainerService containers;
    private final NodeState state;

    private LocalNode(Deque<AutoCloseable> parts, ContainerService containers, NodeState state) {
        this.parts = parts;
        this.containers = containers;
        this.state = state;
    }

    /**
     * Starts the node and takes over the containers that an earlier process left running.
     *
     * @throws LocalNodeException when this machine lacks something, a wanted port is taken, or another node has the state
     *                            folder
     */
    public static LocalNode start(LocalNodeConfig config) {
        StateDirectory directory = StateDirectory.of(config.stateDirectory());
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        boolean started = false;
        try {
            LocalNode node = open(config, directory, parts);
            started = true;
            return node;
        } catch (IOException broken) {
            throw LocalNodeException.failed("start the local node in " + directory.root(),
                    reason(broken),
                    "check that the folder can be written and its disk has space: df -h " + directory.root(), broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw LocalNodeException.failed("start the local node in " + directory.root(), "it was interrupted",
                    "run the command again", stopped);
        } finally {
            if (!started) {
                closeAll(parts);
            }
        }
    }

    /**
     * The Debian packages that a node needs and this machine lacks.
     *
     * @param environment environment of this process; programs are looked for in its PATH
     */
    public static List<String> missingPackages(Map<String, String> environment) {
        return new Prerequisites(environment).missingPackages();
    }

    /**
     * Looks for everything a node needs of this machine, without starting one.
     *
     * @param  environment        environment of this process; programs are looked for in its PATH
     * @param  stateDirectory     the folder where the node keeps its state, made when missing
     * @throws LocalNodeException when that folder cannot be written
     */
    public static List<Prerequisite> prerequisites(Map<String, String> environment, Path stateDirectory) {
        StateDirectory directory = StateDirectory.of(stateDirectory);
        Path scratch = directory.root().resolve("trial");
        try {
            PrivateFiles.createDirectories(scratch);
            List<Prerequisite> all = new Prerequisites(environment).all(scratch);
            PrivateFiles.deleteTree(scratch);
            return all;
        } catch (IOException broken) {
            throw LocalNodeException.failed("write into " + directory.root(), reason(broken),
                    "check the folder's owner and free space: df -h " + directory.root(), broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw LocalNodeException.failed("look at this machine", "it was interrupted", "run the command again",
                    stopped);
        }
    }

    private static LocalNode open(LocalNodeConfig config, StateDirectory directory, Deque<AutoCloseable> parts)
            throws IOException, InterruptedException {
        Optional<NodeState> before = directory.readState();
        parts.push(lock(directory, before));
        if (Credentials.areOfUserNamespace()) {
            parts.push(new UserNamespace(config.stateDirectory(), config.environment())::leave);
        }
        directory.create();
        Path catatonit = new Prerequisites(config.environment()).check(directory.root());

        StoreServer store = Ports.start("chunk store", config.storePort(), port(before.map(NodeState::storeUrl)),
                PREFERRED_STORE_PORT, port -> StoreServer.start(directory.store(), port, VERSION));
        parts.push(store);
        String storeUrl = "zdb://127.0.0.1:" + store.port();
        HubServer hub = Ports.start("flist hub", config.hubPort(), port(before.map(NodeState::hubUrl)),
                PREFERRED_HUB_PORT,
                port -> HubServer.start(directory.hub(), port, new HubStore(
                        () -> ChunkStores.open(StoreUrl.of(storeUrl)), Optional.of(store.chunks()),
                        List.of(directory.root().resolve("roots")))));
        parts.push(hub);
        Optional<Offer> offer = Offer.open(config, directory, store, hub, parts);
        Keyspace keyspace = new Keyspace(config.clock(), KEYSPACE_BYTES);
        Doors doors = Doors.open(config, directory, keyspace, parts);

        Results results = new Results(keyspace);
        ContainerService service = ContainerService.start(new ContainerService.Settings(directory.root(),
                config.environment(), catatonit, results, config.clock(), storeUrl, VERSION, config.roots()));
        Core core = core(config, directory, results, service);
        parts.push(core::kill);
        parts.push(QueueReader.start(keyspace, results, core));
        parts.push(service::detach);
        NodeState state = state(doors, storeUrl, "http://127.0.0.1:" + hub.port(), offer.map(Offer::address),
                config.clock());
        directory.writeState(state);
        LOG.log(System.Logger.Level.INFO, "node {0}, store {1}, hub {2}", state.nodeAddress(), state.storeUrl(),
                state.hubUrl());
        return new LocalNode(parts, service, state);
    }

    /** The message of a file system's error is often the path alone; the reason says what is wrong with it. */
    private static String reason(IOException broken) {
        if (broken instanceof AccessDeniedException denied) {
            return "permission denied: " + denied.getFile();
        }
        return broken instanceof FileSystemException specific && specific.getReason() != null
                ? specific.getReason() + ": " + specific.getFile()
                : String.valueOf(broken.getMessage());
    }

    private static FileChannel lock(StateDirectory directory, Optional<NodeState> before) throws IOException {
        Optional<FileChannel> lock = directory.lock();
        if (lock.isEmpty()) {
            String holder = before.map(other -> "process " + other.pid()).orElse("another process");
            throw LocalNodeException.failed("start the local node in " + directory.root(),
                    "a node is already running there: " + holder, "use it, or stop it: zship node stop",
                    new IOException("locked"));
        }
        return lock.get();
    }

    private static int port(Optional<String> address) {
        return address.map(text -> URI.create(text).getPort()).filter(port -> port > 0).orElse(0);
    }

    private static Core core(LocalNodeConfig config, StateDirectory directory, Results results,
            ContainerService service) {
        long self = ProcessHandle.current().pid();
        GeneralCommands.Place place = new GeneralCommands.Place(VERSION, ProcessTable::ofMachine, () -> self,
                () -> config.environment().getOrDefault("HOSTNAME", "localhost"), config.environment(),
                service::isForwarder);
        Core.Parts made = new Core.Parts(0, results, new HostSpawner(config.environment()), directory.jobs(),
                config.clock());
        return new Core(made, opened -> {
            Map<String, Builtin> all = new HashMap<>(GeneralCommands.of(opened, place));
            all.putAll(FileCommands.of(new RootedFiles(Path.of("/"), () -> true), config.clock()));
            all.putAll(results.logs().commands());
            all.putAll(service.commands());
            return all;
        });
    }

    private static NodeState state(Doors doors, String store, String hub, Optional<String> offered, Clock clock) {
        long pid = ProcessHandle.current().pid();
        long startedAt = ProcStat.read(pid).map(ProcStat::startedAtMillis).orElse(clock.millis());
        String mark = ProcessMark.of(pid).map(ProcessMark::start).orElse("");
        return new NodeState(pid, startedAt, mark, doors.plainAddress(), doors.tlsAddress(), store, hub, offered,
                VERSION);
    }

    /** Addresses and process of this node. */
    public NodeState state() {
        return state;
    }

    /**
     * Ends all containers and everything that belongs to them.
     *
     * @throws LocalNodeException naming what could not be removed
     */
    public void stopContainers() {
        try {
            List<String> problems = containers.terminateAll();
            if (!problems.isEmpty()) {
                throw LocalNodeException.failed("stop the containers", String.join("; ", problems),
                        "try again: zship node stop", new IOException("left over"));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops serving. Containers go on running, and the next start finds them. */
    @Override
    public void close() {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception stuck) {
                LOG.log(System.Logger.Level.WARNING, "stopping the node: {0}", stuck.getMessage());
            }
        }
    }
}
