package zship.builder.step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.BuildException;

/**
 * Lets one build at a time work on a cache. The kernel frees the lock when its holder dies, however that happens; the
 * file holds the process id of the last holder, so that one who waits can say for whom.
 */
final class CacheLock implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final FileChannel channel;

    private CacheLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, waiting for as long as another build holds it. */
    static CacheLock take(Path file, BuildEvents events) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            for (boolean told = false; tryLock(channel) == null; told = true) {
                if (!told) {
                    events.on(new BuildEvent.WaitingForLock(file, holder(file).orElse(0L)));
                }
                Thread.sleep(POLL_MILLIS);
            }
            byte[] holder = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0).write(ByteBuffer.wrap(holder), 0);
            return new CacheLock(channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw BuildException.failed("wait for " + file, "the build was interrupted", "run the same command again");
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by another build in this process, which the kernel does not tell apart: the same as "not now".
            return null;
        }
    }

    private static Optional<Long> holder(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
