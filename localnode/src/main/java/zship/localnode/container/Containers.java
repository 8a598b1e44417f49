package zship.localnode.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import zship.localnode.job.Arguments;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.Core;
import zship.localnode.job.GoJson;
import zship.localnode.job.Job;
import zship.localnode.job.JobResult;
import zship.localnode.job.JobState;
import zship.localnode.job.Outcome;
import zship.localnode.process.Credentials;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.Signals;

/** The containers of the node. */
final class Containers {

    private static final System.Logger LOG = System.getLogger(Containers.class.getName());
    /** How many containers there may be. */
    static final int MOST = 1000;

    /** The largest number that stands for a container in a command. */
    static final int LARGEST_NUMBER = 65535;
    private static final int LARGEST_ID = 65534;
    private static final int LONGEST_HOSTNAME = 64;
    private static final int FAILED_TO_BOOT = 1;
    private static final long GRACE_MILLIS = 3000;
    private static final long STEP_MILLIS = 10;
    private static final long CREATION_MILLIS = 60_000;
    private static final long KILLED_BY_SIGNAL = 4294967295L;
    private static final long WATCH_MILLIS = 500;
    private static final String FILES_LOST = "because the process that served its files has ended";
    private static final Pattern ID = Pattern.compile("[1-9]\\d{0,4}");

    private final NodeParts node;
    private final PortTable ports = new PortTable();
    private final Map<Integer, Container> all = new ConcurrentSkipListMap<>();
    private final AtomicBoolean detached = new AtomicBoolean();
    private int lastId;

    Containers(NodeParts node) throws IOException {
        this.node = node;
        PrivateFiles.createDirectories(node.directory());
        Path counter = node.directory().resolve("last-id");
        this.lastId = Files.exists(counter) ? Integer.parseInt(Files.readString(counter).strip()) : 0;
    }

    List<Container> list() {
        return List.copyOf(all.values());
    }

    Optional<Container> find(int id) {
        return Optional.ofNullable(all.get(id));
    }

    /** The container that a command names. */
    Container existing(Arguments arguments) throws CommandException {
        return find(id(arguments)).orElseThrow(
                () -> new CommandException(CommandException.NOT_FOUND, "container does not exist"));
    }

    /** The number of the container that a command names. */
    static int id(Arguments arguments) throws CommandException {
        return (int) arguments.number("container", 0, LARGEST_NUMBER, "uint16");
    }

    NodeParts node() {
        return node;
    }

    /** How much of a container's mounted root is on this machine; empty for an unpacked one. */
    Optional<MountState> rootState(Container container) {
        return node.roots().state(container.record().root(), container.arguments().storage());
    }

    PortTable ports() {
        return ports;
    }

    /** Makes a container and starts its services; it is running when this returns. */
    Container create(Command command) throws CommandException, InterruptedException {
        ContainerArguments arguments = ContainerArguments
                .of(new Arguments(command, "", CommandException.BAD_REQUEST))
                .withDefaults(node.storage());
        CreateValidation.check(arguments, node.groups());
        Container container = register(command, arguments);
        if (arguments.hostname().getBytes(StandardCharsets.UTF_8).length > LONGEST_HOSTNAME) {
            return stillborn(container);
        }
        boolean done = false;
        try {
            new Creation(node, container, ports).run();
            done = true;
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        } finally {
            if (!done) {
                discard(container);
            }
        }
        open(container);
        node.roots().prune(usedRoots());
        LOG.log(System.Logger.Level.INFO, "container {0} runs", Integer.toString(container.id()));
        return container;
    }

    /** A host name that the kernel refuses: as on a node the container ends at once, and its own result says so. */
    private Container stillborn(Container container) {
        LOG.log(System.Logger.Level.WARNING, "container {0}: the host name is longer than {1} bytes",
                Integer.toString(container.id()), LONGEST_HOSTNAME);
        discard(container);
        post(container, new Outcome(JobState.ERROR, FAILED_TO_BOOT, 0, "", Optional.of(Outcome.Streams.EMPTY), ""));
        return container;
    }

    private void post(Container container, Outcome outcome) {
        long startedAt = container.record().startedAt();
        JobResult result = new JobResult("core-" + container.id(), "", outcome, startedAt,
                node.clock().millis() - startedAt, GoJson.nodes().nullNode(), 0);
        node.results().post(result);
        container.ended().complete(result);
    }

    private synchronized Container register(Command command, ContainerArguments arguments) throws CommandException {
        if (all.size() >= MOST) {
            throw new CommandException(CommandException.UNAVAILABLE,
                    "reached the hard limit of " + MOST + " containers");
        }
        do {
            lastId = lastId >= LARGEST_ID ? 1 : lastId + 1;
        } while (all.containsKey(lastId));
        try {
            PrivateFiles.write(node.directory().resolve("last-id"), Integer.toString(lastId));
        } catch (IOException unwritable) {
            throw new CommandException(CommandException.FAILED, "state folder: " + unwritable.getMessage());
        }
        ContainerRecord record = ContainerRecord.creating(lastId, command, arguments, node.clock().millis());
        Container container = new Container(node, record, arguments);
        try {
            container.directory().create();
            container.directory().write(record);
        } catch (IOException broken) {
            discard(container);
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        // From now on others find it, and may change its record.
        all.put(lastId, container);
        return container;
    }

    /** A container that was not finished: an interrupted thread must not stop the removal. */
    private void discard(Container container) {
        boolean interrupted = Thread.interrupted();
        try {
            remove(container);
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.ERROR, "container {0} is not removed: {1}",
                    Integer.toString(container.id()), stuck.getMessage());
        } catch (InterruptedException again) {
            interrupted = true;
        } finally {
            all.remove(container.id());
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void open(Container container) {
        container.open();
        Thread.ofVirtual().name("container-" + container.id()).start(() -> watch(container));
    }

    private void watch(Container container) {
        try {
            Lifeline lifeline = Lifeline.of(node, container);
            NetworkWatch network = new NetworkWatch(node, ports, container);
            while (isFollowed(container) && !lifeline.isCut()) {
                network.look();
                Thread.sleep(WATCH_MILLIS);
            }
            if (isFollowed(container)) {
                String why = lifeline.isWithoutFiles() ? FILES_LOST : "";
                LOG.log(System.Logger.Level.WARNING, "container {0} has died{1}", Integer.toString(container.id()),
                        why.isEmpty() ? "" : " " + why);
                end(container, new Outcome(JobState.ERROR, KILLED_BY_SIGNAL, 0, "",
                        Optional.of(Outcome.Streams.EMPTY), why));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException | CommandException stuck) {
            LOG.log(System.Logger.Level.ERROR, "container {0} is not removed: {1}",
                    Integer.toString(container.id()), stuck.getMessage());
        }
    }

    private boolean isFollowed(Container container) {
        return container.isRunning() && !detached.get();
    }

    /** Ends a container: its services get SIGTERM and a few seconds, then everything that belongs to it goes. */
    void terminate(int id) throws CommandException, IOException, InterruptedException {
        Container container = find(id).orElseThrow(() -> unknown(id));
        if (container.record().phase() == ContainerRecord.Phase.CREATING) {
            throw new CommandException(CommandException.FAILED, "container was not started");
        }
        end(container, new Outcome(JobState.SUCCESS, 0, 0, "", Optional.of(Outcome.Streams.EMPTY), ""));
        LOG.log(System.Logger.Level.INFO, "container {0} is terminated", Integer.toString(id));
    }

    private static CommandException unknown(int id) {
        return new CommandException(CommandException.FAILED, "no container with id '" + id + "'");
    }

    private void end(Container container, Outcome outcome) throws CommandException, IOException, InterruptedException {
        synchronized (container) {
            if (!container.isRunning()) {
                throw unknown(container.id());
            }
            container.update(record -> record.withPhase(ContainerRecord.Phase.ENDING));
        }
        try {
            container.core().ifPresent(Containers::stopServices);
            remove(container);
        } finally {
            all.remove(container.id());
        }
        post(container, outcome);
    }

    private static void stopServices(Core core) {
        core.jobs().forEach(Job::unschedule);
        core.jobs().forEach(job -> job.signal(Signals.TERM));
        if (!awaitEnd(core, GRACE_MILLIS)) {
            core.jobs().forEach(job -> job.signal(Signals.KILL));
        }
    }

    private static boolean awaitEnd(Core core, long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (core.jobs().stream().anyMatch(job -> job.process().isPresent())) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Removes everything that may exist of a container, in whatever state it is. */
    private void remove(Container container) throws IOException, InterruptedException {
        container.close();
        node.forwards().close(container.id());
        new Removal(node, container.id()).endProcesses();
        ports.releaseAll(container.id());
        container.core().ifPresent(core -> {
            awaitEnd(core, GRACE_MILLIS);
            core.detach();
        });
        container.directory().remove(node.tools());
    }

    private Set<String> usedRoots() {
        Set<String> used = new HashSet<>();
        all.values().forEach(container -> {
            used.add(container.record().root());
            used.add(container.record().live().layer());
            used.addAll(container.record().live().mounts());
        });
        return used;
    }

    /** Takes over the containers that an earlier node process left running and removes what is left of others. */
    void adopt() throws IOException, InterruptedException {
        for (int id : idsOnDisk()) {
            ContainerDirectory directory = node.directory(id);
            Optional<ContainerRecord> record = directory.read();
            Optional<Container> container = record.isPresent() ? restored(record.get()) : Optional.empty();
            if (container.isPresent()) {
                takeOver(container.get());
            } else {
                LOG.log(System.Logger.Level.INFO, "what is left of container {0} is removed", Integer.toString(id));
                new Removal(node, id).endProcesses();
                directory.remove(node.tools());
            }
        }
        node.forwards().keep(ports.taken());
        node.roots().prune(usedRoots());
    }

    private List<Integer> idsOnDisk() throws IOException {
        List<Integer> ids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(node.directory())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (ID.matcher(name).matches()) {
                    ids.add(Integer.parseInt(name));
                }
            }
        }
        ids.sort(Comparator.naturalOrder());
        return ids;
    }

    private Optional<Container> restored(ContainerRecord record) throws IOException {
        boolean lives = record.phase() == ContainerRecord.Phase.RUNNING && record.init()
                .filter(ProcessMark::isAlive).filter(init -> Credentials.sharesUserNamespace(init.pid())).isPresent();
        if (!lives) {
            return Optional.empty();
        }
        if (!node.roots().isUsable(record.root())) {
            LOG.log(System.Logger.Level.ERROR, "the process that served the files of container {0} has ended",
                    Integer.toString(record.id()));
            return Optional.empty();
        }
        try {
            return Optional.of(new Container(node, record, record.arguments()));
        } catch (CommandException unreadable) {
            LOG.log(System.Logger.Level.WARNING, "the record of container {0} cannot be read",
                    Integer.toString(record.id()));
            return Optional.empty();
        }
    }

    private void takeOver(Container container) throws IOException, InterruptedException {
        all.put(container.id(), container);
        try {
            for (String forward : container.record().forwards().keySet()) {
                ports.take(HostPort.of(forward).orElseThrow().port(), container.id());
            }
            Standstill.endOf(node, container);
            new ContainerNetwork(node, container).revive(ports);
            new Forwards(node, ports, container).renew();
        } catch (CommandException taken) {
            LOG.log(System.Logger.Level.ERROR, "container {0}: {1}", Integer.toString(container.id()), taken.text());
        }
        open(container);
        LOG.log(System.Logger.Level.INFO, "container {0} runs, taken over", Integer.toString(container.id()));
    }

    /** Ends all containers, several at a time. */
    List<String> terminateAll() throws InterruptedException {
        List<String> problems = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (Container container : list()) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    awaitCreation(container);
                    terminate(container.id());
                } catch (CommandException alreadyGone) {
                    LOG.log(System.Logger.Level.DEBUG, "container {0}: {1}", Integer.toString(container.id()),
                            alreadyGone.text());
                } catch (IOException stuck) {
                    problems.add("container " + container.id() + ": " + stuck.getMessage());
                } catch (InterruptedException stopped) {
                    problems.add("container " + container.id() + ": interrupted");
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return problems;
    }

    private static void awaitCreation(Container container) throws InterruptedException {
        for (long waited = 0; waited < CREATION_MILLIS; waited += STEP_MILLIS) {
            if (container.record().phase() != ContainerRecord.Phase.CREATING) {
                return;
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** Stops following; the containers go on, and so does what serves their roots as long as there are any. */
    void detach() throws IOException, InterruptedException {
        detached.set(true);
        list().forEach(container -> container.core().ifPresent(Core::detach));
        if (all.isEmpty()) {
            node.attendant().stop();
        }
    }
}
