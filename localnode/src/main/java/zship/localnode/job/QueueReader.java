package zship.localnode.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import zship.localnode.resp.Keyspace;
import zship.localnode.resp.Keyspace.End;

/**
 * Takes commands from {@code core:default} and hands them to the node. What cannot be decoded, has no id, or has the id of a
 * command that was accepted before, is dropped without an answer; something undecodable also makes the reader pause.
 */
public final class QueueReader implements AutoCloseable {

    /** The command queue. */
    public static final String QUEUE = "core:default";

    private static final System.Logger LOG = System.getLogger(QueueReader.class.getName());
    private static final Duration PARTING = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 200;

    private final Keyspace keyspace;
    private final Results results;
    private final Core core;
    private final Thread thread;

    private QueueReader(Keyspace keyspace, Results results, Core core) {
        this.keyspace = keyspace;
        this.results = results;
        this.core = core;
        this.thread = Thread.ofVirtual().name("queue-reader").unstarted(this::read);
    }

    /** Starts reading. */
    public static QueueReader start(Keyspace keyspace, Results results, Core core) {
        QueueReader reader = new QueueReader(keyspace, results, core);
        reader.thread.start();
        return reader;
    }

    private void read() {
        try {
            while (true) {
                Optional<Keyspace.Popped> item = keyspace.awaitPop(List.of(QUEUE), End.LEFT, 0);
                if (item.isPresent() && !takeSafely(item.get().value())) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException stopped) {
            LOG.log(System.Logger.Level.DEBUG, "no more commands are taken");
        }
    }

    /** Whatever an item does to this process, threads and memory used up included, the next one is taken. */
    private boolean takeSafely(byte[] item) {
        try {
            return take(item);
        } catch (RuntimeException | VirtualMachineError unexpected) {
            LOG.log(System.Logger.Level.ERROR, "an item of " + item.length + " bytes was lost", unexpected);
            return false;
        }
    }

    /** False when the item cannot be decoded. */
    private boolean take(byte[] item) {
        Optional<Command> decoded = Envelope.parse(new String(item, StandardCharsets.UTF_8));
        if (decoded.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "an item of {0} bytes is not a command, dropped", item.length);
            return false;
        }
        Command command = decoded.get();
        if (command.id().isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "a command {0} without an id, dropped", command.command());
        } else if (results.isFlagged(command.id())) {
            LOG.log(System.Logger.Level.INFO, "command {0} with the known id {1}, dropped", command.command(),
                    command.id());
        } else {
            LOG.log(System.Logger.Level.INFO, "command {0}, id {1}", command.command(), command.id());
            results.accept(command.id());
            core.submit(command);
        }
        return true;
    }

    /** Takes no more commands; one that is being taken has been submitted on return. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PARTING);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
