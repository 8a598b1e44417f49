package zship.flist.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

import org.capnproto.DecodeException;
import org.capnproto.MessageBuilder;
import org.capnproto.MessageReader;
import org.capnproto.ReaderOptions;

/** Cap'n Proto stream framing: reads messages of any number of segments, writes messages of one. Never packed. */
final class Message {
    private static final int WORD = 8;
    private static final int MAX_SEGMENTS = 1 << 16;
    private static final int NESTING = 64;
    /** Every word may be read a few times, but no message may be read for ever through overlapping pointers. */
    private static final int READS_PER_WORD = 4;
    private static final int EXTRA_READS = 1024;

    private Message() {
    }

    /** What to read from the root struct. */
    @FunctionalInterface
    interface Body<T> {
        T read(Struct.Reader root) throws MalformedFlistException;
    }

    /**
     * Decodes {@code value}.
     *
     * @throws MalformedFlistException when it is damaged; the runtime library reports that by several unchecked exceptions
     */
    static <T> T decode(byte[] value, Struct.Layout layout, Body<T> body) throws MalformedFlistException {
        ReaderOptions limits = new ReaderOptions(value.length / WORD * (long) READS_PER_WORD + EXTRA_READS, NESTING);
        try {
            return body.read(new MessageReader(segments(value), limits).getRoot(layout));
        } catch (DecodeException | IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException
                | NegativeArraySizeException | ClassCastException e) {
            throw new MalformedFlistException("a value of " + value.length + " bytes is damaged", e);
        }
    }

    /**
     * Encodes one struct and what it points to.
     *
     * @param words the exact size of all that {@code body} writes, root struct included, so that one segment holds it
     */
    static byte[] encode(long words, Struct.Layout layout, Consumer<Struct.Writer> body) {
        int bytes = Math.multiplyExact(Math.toIntExact(words + 1), WORD);
        byte[] out = new byte[Math.addExact(WORD, bytes)];
        // The segment is written where it stays: large ones take much of the memory that there is.
        MessageBuilder message = new MessageBuilder(ByteBuffer.wrap(out, WORD, bytes).slice());
        body.accept(message.initRoot(layout));
        ByteBuffer[] segments = message.getSegmentsForOutput();
        if (segments.length != 1 || segments[0].limit() != bytes) {
            throw new IllegalStateException("a message of " + words + " words took other room than that");
        }
        ByteBuffer.wrap(out).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 0).putInt(4, bytes / WORD);
        return out;
    }

    /** Words that a text takes: its bytes and a NUL. */
    static long textWords(byte[] text) {
        return text.length / WORD + 1;
    }

    /** Words that data takes. */
    static long dataWords(byte[] data) {
        return (data.length + WORD - 1) / WORD;
    }

    private static ByteBuffer[] segments(byte[] value) throws MalformedFlistException {
        ByteBuffer buffer = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        if (value.length < WORD) {
            throw new MalformedFlistException("a value of " + value.length + " bytes is too short");
        }
        int count = buffer.getInt(0) + 1;
        if (count < 1 || count > MAX_SEGMENTS || 4L * (count + 1) > value.length) {
            throw new MalformedFlistException("a value claims " + Integer.toUnsignedString(count) + " segments");
        }
        ByteBuffer[] segments = new ByteBuffer[count];
        long at = (4L * (count + 1) + WORD - 1) / WORD * WORD;
        for (int i = 0; i < count; i++) {
            long bytes = (buffer.getInt(4 + 4 * i) & 0xffff_ffffL) * WORD;
            if (at + bytes > value.length) {
                throw new MalformedFlistException(
                        "segment " + i + " of a value of " + value.length + " bytes is cut off");
            }
            segments[i] = buffer.slice((int) at, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
            at += bytes;
        }
        return segments;
    }
}
