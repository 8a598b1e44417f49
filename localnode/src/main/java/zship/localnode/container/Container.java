package zship.localnode.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.Builtin;
import zship.localnode.job.Command;
import zship.localnode.job.Core;
import zship.localnode.job.GeneralCommands;
import zship.localnode.job.GoJson;
import zship.localnode.process.ProcStat;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProcessTable;

/** One container: what it was asked for, how far it is, and once it runs the place where its commands run. */
final class Container {

    private static final System.Logger LOG = System.getLogger(Container.class.getName());

    private final NodeParts node;
    private final ContainerArguments arguments;
    private final ContainerDirectory directory;
    private final CompletableFuture<Void> booted = new CompletableFuture<>();
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

    /** The place where its commands run; empty while it does not run. */
    Optional<Core> core() {
        return Optional.ofNullable(core);
    }

    long initPid() {
        return record().init().map(ProcessMark::pid).orElse(0L);
    }

    Optional<Slirp> slirp() {
        return record().slirp().map(Slirp::of);
    }

    /** Process 1 is there: commands can run from now on, and the services are started or taken over. */
    void open() {
        long pid = initPid();
        RootTree tree = new RootTree(directory.root());
        OciConfig config = new OciConfig(arguments);
        RuncSpawner spawner = new RuncSpawner(node.runc(), node.runtimeName(id()), config, tree, directory.jobs());
        GeneralCommands.Place place = new GeneralCommands.Place(node.version(), () -> ProcessTable.ofNamespace(pid),
                () -> pid, arguments::effectiveHostname);
        Core opened = new Core(new Core.Parts(id(), node.results(), spawner, directory.jobs(), node.clock()),
                self -> commands(self, place, tree));
        core = opened;
        new ServiceSlice(opened, directory.logs(), this::note).boot(services(tree, config), record().services())
                .thenRun(() -> booted.complete(null));
    }

    private static Map<String, Builtin> commands(Core core, GeneralCommands.Place place, RootTree tree) {
        Map<String, Builtin> all = new HashMap<>(GeneralCommands.of(core, place));
        all.putAll(FileCommands.of(tree));
        return all;
    }

    private void note(String service, Optional<ProcessMark> process) {
        try {
            if (isRunning()) {
                update(before -> before.withService(service, process));
            }
        } catch (IOException unwritable) {
            LOG.log(System.Logger.Level.ERROR, "container {0}: service {1} cannot be noted: {2}",
                    Integer.toString(id()), service, unwritable.getMessage());
        }
    }

    /** A file that cannot be used is logged; the container is up without services, as on a node. */
    private List<Service> services(RootTree tree, OciConfig config) {
        Optional<Path> file = tree.resolve("/.startup.toml").filter(Files::isRegularFile);
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            if (Files.size(file.get()) > StartupFile.LARGEST) {
                throw new StartupException("it is larger than " + StartupFile.LARGEST + " bytes");
            }
            String text = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
            return new StartupFile(config.environment(), node.kernel()).read(text);
        } catch (StartupException | IOException unusable) {
            LOG.log(System.Logger.Level.WARNING, "container {0}: /.startup.toml is rejected: {1}",
                    Integer.toString(id()), unusable.getMessage());
            return List.of();
        }
    }

    /** Accepts a command now and runs it when the services are up. */
    void dispatch(Command command) {
        node.results().accept(command.id());
        booted.thenRun(() -> core().ifPresent(running -> running.submit(command)));
    }

    /** As {@code corex.get} shows it; {@code forwards} as that command and lists differ in them. */
    ObjectNode toJson(Optional<Map<String, Long>> forwards) {
        ObjectNode json = GoJson.object();
        json.set("arguments", arguments.toJson(forwards, isRunning() ? "configured" : "unknown"));
        return json.put("root", directory.root().toString()).put("pid", initPid());
    }

    /** As an element of lists shows it, with the memory of process 1. */
    ObjectNode toListEntry() {
        Optional<ProcStat> stat = ProcStat.read(initPid());
        ObjectNode json = GoJson.object();
        json.put("cpu", 0).put("rss", stat.map(ProcStat::resident).orElse(0L));
        json.put("vms", stat.map(ProcStat::virtual).orElse(0L)).put("swap", 0);
        Map<String, Long> forwards = record().forwards();
        json.set("container", toJson(forwards.isEmpty() ? Optional.empty() : Optional.of(forwards)));
        return json;
    }
}
