package zship.flist.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Sixteen bytes kept as two big-endian words: what {@link ChunkId} and {@link ChunkKey} have in common. */
final class Hash128 {
    static final int BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Hash128() {
    }

    static long high(byte[] bytes, String noun) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(noun + " has 16 bytes, not " + bytes.length);
        }
        return (long) LONG.get(bytes, 0);
    }

    static long low(byte[] bytes) {
        return (long) LONG.get(bytes, 8);
    }

    static byte[] bytes(long high, long low) {
        byte[] bytes = new byte[BYTES];
        LONG.set(bytes, 0, high);
        LONG.set(bytes, 8, low);
        return bytes;
    }

    static byte[] parse(String hex, String noun) {
        if (hex.length() != 2 * BYTES) {
            throw new IllegalArgumentException(noun + " has 32 hex digits, not " + hex.length());
        }
        return HexFormat.of().parseHex(hex);
    }

    static String hex(long high, long low) {
        HexFormat format = HexFormat.of();
        return format.toHexDigits(high) + format.toHexDigits(low);
    }
}
