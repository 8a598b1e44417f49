package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.cgroup.ControlGroups;
import zship.localnode.files.FileCommands;
import zship.localnode.files.RootedFiles;
import zship.localnode.job.Builtin;
import zship.localnode.job.Command;
import zship.localnode.job.Core;
import zship.localnode.job.GeneralCommands;
import zship.localnode.job.GoJson;
import zship.localnode.job.JobResult;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProcessTable;

/** One container: what it was asked for, how far it is, and once it runs the place where its commands run. */
final class Container {

    /** Who starts programs faster than they are found is stopped by the limit of those that were. */
    private static final int MOST_SWEEPS = 10;
    private static final System.Logger LOG = System.getLogger(Container.class.getName());

    private static final long STEP_MILLIS = 10;

    private final ReentrantLock layering = new ReentrantLock();
    private final ReentrantLock forwarding = new ReentrantLock();
    private final NodeParts node;
    private final ContainerArguments arguments;
    private final ContainerDirectory directory;
    private final CompletableFuture<Void> booted = new CompletableFuture<>();
    private final CompletableFuture<JobResult> ended = new CompletableFuture<>();
    private ContainerRecord record;
    private volatile @Nullable Core core;

    Container(NodeParts node, ContainerRecord record, ContainerArguments arguments) {
        this.node = node;
        this.record = record;
        this.arguments = arguments;
        this.directory = node.directory(record.id());
    }

    int id() {
        return record().id();
    }

    ContainerArguments arguments() {
        return arguments;
    }

    ContainerDirectory directory() {
        return directory;
    }

    /** Held by whoever changes its layer, which takes as long as the files take to come; nothing else waits for it. */
    ReentrantLock layering() {
        return layering;
    }

    /** Held by whoever changes its forwards or the network that they lead to. */
    ReentrantLock forwarding() {
        return forwarding;
    }

    /** From now on nothing is added to it, whether or not its record can still be written. */
    void close() {
        forwarding.lock();
        try {
            synchronized (this) {
                record = record.withPhase(ContainerRecord.Phase.ENDING);
            }
        } finally {
            forwarding.unlock();
        }
    }

    synchronized ContainerRecord record() {
        return record;
    }

    /** Changes the record, first on disk. */
    synchronized void update(UnaryOperator<ContainerRecord> change) throws IOException {
        ContainerRecord changed = change.apply(record);
        directory.write(changed);
        record = changed;
    }

    boolean isRunning() {
        return record().phase() == ContainerRecord.Phase.RUNNING;
    }

    /** Waits until it runs; false when it does not after that time, or has ended. */
    boolean awaitRunning(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (core().isEmpty() && !ended.isDone() && System.nanoTime() < deadline) {
            Thread.sleep(STEP_MILLIS);
        }
        return core().isPresent() && isRunning();
    }

    /** The place where its commands run; empty while it does not run. */
    Optional<Core> core() {
        return Optional.ofNullable(core);
    }

    /** Done with the result of the container itself when it has ended. */
    CompletableFuture<JobResult> ended() {
        return ended;
    }

    long initPid() {
        return record().init().map(ProcessMark::pid).orElse(0L);
    }

    /** All its processes; none when it has ended. */
    ProcessTable processes() {
        return ProcessTable.ofNamespace(record().init());
    }

    Optional<Slirp> slirp() {
        return record().slirp().map(Slirp::of);
    }

    /** Process 1 is there: commands can run from now on, and the services are started or taken over. */
    void open() {
        long pid = initPid();
        OciConfig config = new OciConfig(arguments);
        RuncSpawner spawner = new RuncSpawner(node.runc(), node.runtimeName(id()), config, files(), directory.jobs(),
                this::joinGroups);
        GeneralCommands.Place place = new GeneralCommands.Place(node.version(), this::processes,
                () -> pid, arguments::effectiveHostname, node.tools().environment(), other -> false);
        Core opened = new Core(new Core.Parts(id(), node.results(), spawner, directory.jobs(), node.clock()),
                self -> commands(self, place));
        core = opened;
        StartupFiles startup = new StartupFiles(id(), files(), config.environment(), node.kernel());
        startup.plugins().forEach(plugin -> opened.addProgram(plugin.command(), plugin.program()));
        new ServiceSlice(opened, directory.logs(), this::note).boot(startup.services(), record().services())
                .thenRun(() -> booted.complete(null));
    }

    private Map<String, Builtin> commands(Core self, GeneralCommands.Place place) {
        Map<String, Builtin> all = new HashMap<>(GeneralCommands.of(self, place));
        all.putAll(FileCommands.of(files(), node.clock()));
        return all;
    }

    /** The files that its programs see, reached through process 1. */
    RootedFiles files() {
        Optional<ProcessMark> init = record().init();
        return new RootedFiles(Path.of("/proc", Long.toString(initPid()), "root"),
                () -> init.filter(ProcessMark::isAlive).isPresent());
    }

    /**
     * Puts a process into the groups that were asked for, and what it may have started before it was in them; one that has
     * ended meanwhile needs none. On a real node its parent is in them already.
     */
    void joinGroups(long pid) {
        if (arguments.joinedGroups().isEmpty()) {
            return;
        }
        Set<Long> joined = new HashSet<>();
        List<Long> fresh = List.of(pid);
        for (int sweep = 0; sweep < MOST_SWEEPS && !fresh.isEmpty(); sweep++) {
            fresh.forEach(this::join);
            joined.addAll(fresh);
            fresh = processes().pids().stream().filter(each -> !joined.contains(each)).toList();
        }
    }

    private void join(long pid) {
        for (List<String> pair : arguments.joinedGroups()) {
            try {
                Optional<ControlGroups.Group> group = node.groups().find(pair.get(0), pair.get(1));
                if (group.isPresent()) {
                    group.get().add(pid);
                }
            } catch (IOException refused) {
                boolean gone = ProcessHandle.of(pid).isEmpty();
                LOG.log(gone ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                        "container {0}: process {1} is not in group {2}: {3}", Integer.toString(id()),
                        Long.toString(pid), pair, refused.getMessage());
            }
        }
    }

    private void note(String service, UnaryOperator<ServiceProgress> change) {
        try {
            if (isRunning()) {
                update(before -> before.withService(service, change));
            }
        } catch (IOException unwritable) {
            LOG.log(System.Logger.Level.ERROR, "container {0}: service {1} cannot be noted: {2}",
                    Integer.toString(id()), service, unwritable.getMessage());
        }
    }

    /** Accepts a command now and runs it when the services are up. */
    void dispatch(Command command) {
        node.results().accept(command.id());
        booted.thenRun(() -> core().ifPresent(running -> running.submit(command)));
    }

    /** A container that is still being made is in no device group yet. */
    private ContainerArguments shown() {
        return record().phase() == ContainerRecord.Phase.CREATING ? arguments.withoutDeviceGroup() : arguments;
    }

    /** As {@code corex.get} shows it; {@code forwards} as that command and lists differ in them. */
    ObjectNode toJson(Optional<Map<String, Long>> forwards) {
        ObjectNode json = GoJson.object();
        json.set("arguments", shown().toJson(forwards, record().nics()));
        return json.put("root", directory.root().toString()).put("pid", initPid());
    }

    /** As an element of lists shows it, with the memory of all its processes; that of process 1 says nothing of a service. */
    ObjectNode toListEntry(boolean nullForNone) {
        ProcessTable.Memory memory = processes().memory();
        ObjectNode json = GoJson.object();
        json.put("cpu", 0).put("rss", memory.resident()).put("vms", memory.virtual()).put("swap", 0);
        Map<String, Long> forwards = record().forwards();
        json.set("container", toJson(Optional.of(forwards).filter(some -> !nullForNone || !some.isEmpty())));
        return json;
    }
}
