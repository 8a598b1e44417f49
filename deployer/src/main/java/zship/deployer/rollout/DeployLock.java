package zship.deployer.rollout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

import zship.deployer.PrivateFile;
import zship.deployer.Time;

/** One deployment of an app on a node at a time. The lock ends with the process that holds it, however that ends. */
final class DeployLock implements AutoCloseable {

    private static final int MAX_NOTE = 200;

    private final FileChannel channel;

    private DeployLock(FileChannel channel) {
        this.channel = channel;
    }

    static DeployLock take(StateFolder folder, Time time) {
        String what = "deploy " + folder.app();
        try {
            FileChannel channel = folder.file(".lock").open();
            if (!tryLock(channel)) {
                String holder = note(channel).map(note -> note + age(note, time)).orElse("another process");
                channel.close();
                throw RolloutException.failed(what, "it is being deployed by " + holder,
                        "wait for it to end, or end that process");
            }
            channel.truncate(0);
            String note = "process " + ProcessHandle.current().pid() + " since "
                    + Instant.ofEpochSecond(time.now().getEpochSecond());
            channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
            return new DeployLock(channel);
        } catch (IOException e) {
            throw RolloutException.failed(what, "its lock: " + PrivateFile.reason(e), "make the state folder writable");
        }
    }

    /** How long the holder has it, for a note that ends with when that began. */
    private static String age(String note, Time time) {
        try {
            Instant since = Instant.parse(note.substring(note.lastIndexOf(' ') + 1));
            return " (" + Math.max(0, Duration.between(since, time.now()).toSeconds()) + " s ago)";
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static Optional<String> note(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_NOTE);
        channel.read(bytes, 0);
        String note = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        return note.isEmpty() ? Optional.empty() : Optional.of(note);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw RolloutException.failed("end the lock of a deployment", PrivateFile.reason(e), "try again");
        }
    }
}
