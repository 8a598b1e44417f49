package zship.localnode.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;

import zship.localnode.job.CommandException;

/** The files that {@code filesystem.open} opened. One that is not used for five minutes is forgotten, as on 0-core. */
final class OpenFiles {

    private static final System.Logger LOG = System.getLogger(OpenFiles.class.getName());
    private static final long IDLE_MILLIS = 300_000;
    private static final int MOST = 64;

    /** Opens one. */
    @FunctionalInterface
    interface Opener {
        FileChannel open() throws IOException;
    }

    private static final class Entry {
        private final String path;
        private final OpenMode mode;
        private final FileChannel channel;
        private long usedAt;

        Entry(String path, OpenMode mode, FileChannel channel, long now) {
            this.path = path;
            this.mode = mode;
            this.channel = channel;
            this.usedAt = now;
        }
    }

    private final Clock clock;
    private final Map<String, Entry> entries = new HashMap<>();

    OpenFiles(Clock clock) {
        this.clock = clock;
    }

    synchronized String add(String path, OpenMode mode, Opener opener) throws IOException {
        forgetIdle();
        if (entries.size() >= MOST) {
            throw new IOException("too many open files");
        }
        String descriptor = UUID.randomUUID().toString();
        entries.put(descriptor, new Entry(path, mode, opener.open(), clock.millis()));
        return descriptor;
    }

    /** The next bytes in base64; empty at the end. */
    synchronized String read(String descriptor, int most) throws CommandException {
        Entry entry = entry(descriptor);
        if (!entry.mode.read()) {
            throw badDescriptor("read", entry);
        }
        try {
            ByteBuffer block = ByteBuffer.allocate(most);
            int count = entry.channel.read(block);
            while (count > 0 && block.hasRemaining()) {
                count = entry.channel.read(block);
            }
            return Base64.getEncoder().encodeToString(Arrays.copyOf(block.array(), block.position()));
        } catch (IOException broken) {
            throw FileCommands.failed("read " + entry.path, broken);
        }
    }

    synchronized void write(String descriptor, String base64) throws CommandException {
        Entry entry = entry(descriptor);
        byte[] bytes = decoded(base64);
        if (!entry.mode.write()) {
            throw badDescriptor("write", entry);
        }
        try {
            if (entry.mode.append()) {
                entry.channel.position(entry.channel.size());
            }
            ByteBuffer block = ByteBuffer.wrap(bytes);
            while (block.hasRemaining()) {
                entry.channel.write(block);
            }
        } catch (IOException broken) {
            throw FileCommands.failed("write " + entry.path, broken);
        }
    }

    private static byte[] decoded(String base64) throws CommandException {
        for (int at = 0; at < base64.length(); at++) {
            char letter = base64.charAt(at);
            boolean known = letter < 128 && (Character.isLetterOrDigit(letter) || "+/=\r\n".indexOf(letter) >= 0);
            if (!known) {
                throw illegal(at);
            }
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("[\r\n]", ""));
        } catch (IllegalArgumentException malformed) {
            throw illegal(base64.length());
        }
    }

    private static CommandException illegal(int at) {
        return new CommandException(CommandException.FAILED, "illegal base64 data at input byte " + at);
    }

    private static CommandException badDescriptor(String operation, Entry entry) {
        return new CommandException(CommandException.FAILED, operation + " " + entry.path + ": bad file descriptor");
    }

    /** Closes one; an unknown one is fine. */
    synchronized void close(String descriptor) {
        Entry entry = entries.remove(descriptor);
        if (entry != null) {
            close(entry);
        }
    }

    private Entry entry(String descriptor) throws CommandException {
        forgetIdle();
        Entry entry = entries.get(descriptor);
        if (entry == null) {
            throw new CommandException(CommandException.FAILED, "unknown file description '" + descriptor + "'");
        }
        entry.usedAt = clock.millis();
        return entry;
    }

    private void forgetIdle() {
        long oldest = clock.millis() - IDLE_MILLIS;
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.usedAt < oldest) {
                all.remove();
                close(entry);
            }
        }
    }

    private static void close(Entry entry) {
        try {
            entry.channel.close();
        } catch (IOException stuck) {
            LOG.log(System.Logger.Level.DEBUG, "{0} is not closed cleanly: {1}", entry.path, stuck.getMessage());
        }
    }
}
