package zship.localnode.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.ProcStat;
import zship.localnode.process.Spawned;

/** A command that is being run, perhaps several times. */
public final class Job {

    /** Ends the flow of messages when closed. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private static final System.Logger LOG = System.getLogger(Job.class.getName());
    private static final int RECENT = 10;

    private final Core core;
    private final Command command;
    private final JobOptions options;
    private final AtomicLong startedAt;
    private volatile Optional<Spawned> process = Optional.empty();
    private final Deque<Message> recent = new ArrayDeque<>();
    private final List<Consumer<Message>> subscribers = new ArrayList<>();
    private final AtomicBoolean unscheduled = new AtomicBoolean();
    private final AtomicInteger early = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicBoolean cut = new AtomicBoolean();

    Job(Core core, Command command, JobOptions options) {
        this.core = core;
        this.command = command;
        this.options = options;
        this.startedAt = new AtomicLong(core.clock().millis());
    }

    /** What it runs. */
    public Command command() {
        return command;
    }

    JobOptions options() {
        return options;
    }

    /** When the current run began, milliseconds since 1970. */
    public long startedAt() {
        return startedAt.get();
    }

    /** Whether a signal came before there was a process. */
    boolean wasSignalledEarly() {
        return early.get() != 0;
    }

    void beginRun(long at) {
        startedAt.set(at);
        process = Optional.empty();
    }

    void endRun() {
        process = Optional.empty();
        early.set(0);
    }

    void started(Spawned spawned) {
        int signal;
        synchronized (this) {
            process = Optional.of(spawned);
            signal = early.get();
        }
        if (signal != 0) {
            signal(signal);
        }
        options.listener().started(spawned);
    }

    /** The process of the current run. */
    public Optional<Spawned> process() {
        return process;
    }

    boolean isUnscheduled() {
        return unscheduled.get();
    }

    /** No further run after this one. */
    public void unschedule() {
        unscheduled.set(true);
    }

    /**
     * Sends a signal to the process, as soon as there is one: to the whole group on the node and for shell commands, to the one
     * process for programs in a container.
     */
    public void signal(int signal) {
        synchronized (this) {
            if (process.isEmpty()) {
                early.set(signal);
            }
        }
        process.ifPresent(spawned -> spawned.signal(signal, core.number() == 0 || isShell()));
    }

    private boolean isShell() {
        return command.command().equals("bash");
    }

    /** Publishes a message; returns it with its time. */
    Message say(int level, int flags, String text) {
        long now = core.clock().millis();
        Message message = new Message(now * 1_000_000 + System.nanoTime() % 1_000_000, level, flags, text);
        publish(message);
        options.listener().said(message);
        if (command.stream() && !core.results().stream(core.number(), command.id(), message)
                && cut.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.WARNING, "the lists are full, the stream of job {0} does not get all messages",
                    command.id());
        }
        core.results().logs().copy(core.number(), command.id(), command.stream() ? message : message.unstreamed());
        return message;
    }

    private synchronized void publish(Message message) {
        if (!message.isLast()) {
            recent.addLast(message);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
        } else if (willRunAgain()) {
            return;
        }
        subscribers.forEach(subscriber -> subscriber.accept(message));
    }

    private boolean willRunAgain() {
        return !unscheduled.get() && (options.keepAlive() || command.recurringPeriod() > 0);
    }

    /** Gives the last messages at once and all further ones as they come; the last of all has an end flag. */
    synchronized Subscription subscribe(Consumer<Message> subscriber) {
        recent.forEach(subscriber);
        if (over.get()) {
            subscriber.accept(new Message(0, Message.STDOUT, Message.CHUNK | Message.SUCCESS, ""));
        }
        subscribers.add(subscriber);
        return () -> unsubscribe(subscriber);
    }

    private synchronized void unsubscribe(Consumer<Message> subscriber) {
        subscribers.remove(subscriber);
    }

    /** Lets all subscribers go. */
    synchronized void end() {
        over.set(true);
        Message end = new Message(0, Message.STDOUT, Message.CHUNK | Message.SUCCESS, "");
        subscribers.forEach(subscriber -> subscriber.accept(end));
    }

    /** The entry of job lists: memory in bytes, start in milliseconds, process id as the program sees it. */
    public ObjectNode toJson() {
        Optional<Spawned> running = process;
        Optional<ProcStat> stat = running.flatMap(spawned -> ProcStat.read(spawned.pid()));
        ObjectNode json = GoJson.object();
        json.put("cpu", 0).put("rss", stat.map(ProcStat::resident).orElse(0L));
        json.put("vms", stat.map(ProcStat::virtual).orElse(0L)).put("swap", 0).put("starttime", startedAt());
        json.set("cmd", command.toJson());
        json.put("pid", isShell() ? 0 : running.map(Spawned::visiblePid).orElse(0L));
        return json;
    }
}
