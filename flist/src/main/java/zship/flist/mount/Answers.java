package zship.flist.mount;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** Sends answers to the kernel. Any thread may; each has memory of its own for that. */
final class Answers {
    /** The longest answer that is composed here, bytes; file contents are sent from where they are. */
    static final int BODY = 64 << 10;

    private static final System.Logger LOG = System.getLogger(Answers.class.getName());
    /** A read of at most 1 MiB touches that many pieces of 4 KiB. */
    private static final int MOST_PARTS = 260;

    private final int descriptor;
    private final ThreadLocal<Memory> memory = ThreadLocal.withInitial(Memory::new);

    private static final class Memory {
        private final MemorySegment header = Arena.ofAuto().allocate(Abi.OUT_HEADER, 8);
        private final MemorySegment body = Arena.ofAuto().allocate(BODY, 8);
        private final MemorySegment vector = Arena.ofAuto().allocate((MOST_PARTS + 1) * Kernel.VECTOR_BYTES, 8);
        private final MemorySegment state = Arena.ofAuto().allocate(Kernel.STATE);
    }

    Answers(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Memory of this thread for composing an answer; what was in it last time is still there. */
    MemorySegment body() {
        return memory.get().body;
    }

    void error(long unique, int error) {
        send(unique, -error, 0, 0);
    }

    /** Sends the first {@code length} bytes of this thread's {@link #body}. */
    void body(long unique, int length) {
        Memory own = memory.get();
        part(own, 1, own.body, length);
        send(unique, 0, 1, length);
    }

    /** Sends pieces of memory, one after the other. */
    void parts(long unique, MemorySegment... parts) {
        Memory own = memory.get();
        long length = 0;
        for (int i = 0; i < parts.length; i++) {
            part(own, i + 1, parts[i], parts[i].byteSize());
            length += parts[i].byteSize();
        }
        send(unique, 0, parts.length, length);
    }

    private static void part(Memory own, int index, MemorySegment bytes, long length) {
        own.vector.set(JAVA_LONG, index * Kernel.VECTOR_BYTES, bytes.address());
        own.vector.set(JAVA_LONG, index * Kernel.VECTOR_BYTES + 8, length);
    }

    private void send(long unique, int error, int parts, long length) {
        Memory own = memory.get();
        own.header.set(JAVA_INT, 0, (int) (Abi.OUT_HEADER + length));
        own.header.set(JAVA_INT, Abi.OUT_ERROR, error);
        own.header.set(JAVA_LONG, Abi.OUT_UNIQUE, unique);
        part(own, 0, own.header, Abi.OUT_HEADER);
        int sent = Kernel.write(descriptor, own.vector, parts + 1, own.state);
        // ENOENT: whoever asked has been killed meanwhile. ENODEV: the mount has ended.
        if (sent < 0 && sent != -Kernel.ENOENT && sent != -Kernel.ENODEV) {
            LOG.log(System.Logger.Level.WARNING, "the kernel refuses an answer: {0}", Kernel.reason(-sent));
            if (parts > 0) {
                error(unique, Kernel.EIO);
            }
        }
    }
}
