package zship.flist.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The 512 bytes in front of each member: POSIX ustar, or the older GNU layout that libtar writes. */
final class TarHeader {
    static final int BLOCK = 512;

    private static final int CHECKSUM_AT = 148;

    private final byte[] block;
    private final long offset;

    TarHeader(byte[] block, long offset) {
        this.block = block;
        this.offset = offset;
    }

    boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Old archivers summed signed bytes; both sums are accepted. */
    void verifyChecksum() throws MalformedTarException {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        boolean numeric = block[CHECKSUM_AT] == ' ' || block[CHECKSUM_AT] >= '0' && block[CHECKSUM_AT] <= '7';
        if (offset == 0 && !numeric) {
            throw new MalformedTarException("the content is not a tar archive");
        }
        long stored = number(CHECKSUM_AT, 8);
        if (stored != unsigned && stored != signed) {
            throw new MalformedTarException("the header at offset " + offset + " has a wrong checksum");
        }
    }

    char typeFlag() {
        return (char) (block[156] & 0xff);
    }

    /** The name field, with the ustar prefix in front where there is one. GNU archives use that place for times. */
    byte[] name() {
        byte[] name = field(0, 100);
        byte[] prefix = isPosix() ? field(345, 155) : new byte[0];
        if (prefix.length == 0) {
            return name;
        }
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
        whole[prefix.length] = '/';
        System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
        return whole;
    }

    byte[] linkTarget() {
        return field(157, 100);
    }

    int mode() throws MalformedTarException {
        return (int) (number(100, 8) & 07777);
    }

    long uid() throws MalformedTarException {
        return number(108, 8);
    }

    long gid() throws MalformedTarException {
        return number(116, 8);
    }

    long size() throws MalformedTarException {
        return number(124, 12);
    }

    long modified() throws MalformedTarException {
        return number(136, 12);
    }

    String user() {
        return text(265);
    }

    String group() {
        return text(297);
    }

    long major() throws MalformedTarException {
        return number(329, 8) & 0xffff_ffffL;
    }

    long minor() throws MalformedTarException {
        return number(337, 8) & 0xffff_ffffL;
    }

    long offset() {
        return offset;
    }

    /** Whether there is anything but NUL at an offset. */
    boolean hasByte(int at) {
        return block[at] != 0;
    }

    private boolean isPosix() {
        return Arrays.equals(block, 257, 263, new byte[]{'u', 's', 't', 'a', 'r', 0}, 0, 6);
    }

    private boolean hasMagic() {
        return Arrays.equals(block, 257, 262, new byte[]{'u', 's', 't', 'a', 'r'}, 0, 5);
    }

    private String text(int from) {
        return hasMagic() ? new String(field(from, 32), StandardCharsets.UTF_8) : "";
    }

    private byte[] field(int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(block, from, end);
    }

    /** Octal digits, padded in front with spaces or zeros and ended by space or NUL; or GNU base-256 with the top bit set. */
    long number(int from, int length) throws MalformedTarException {
        if ((block[from] & 0x80) != 0) {
            return binaryNumber(from, length);
        }
        int at = from;
        int end = from + length;
        while (at < end && block[at] == ' ') {
            at++;
        }
        long value = 0;
        while (at < end && block[at] >= '0' && block[at] <= '7') {
            value = value * 8 + (block[at++] - '0');
        }
        if (at < end && block[at] != 0 && block[at] != ' ') {
            throw badNumber(from);
        }
        return value;
    }

    private long binaryNumber(int from, int length) throws MalformedTarException {
        boolean negative = (block[from] & 0x40) != 0;
        long value = negative ? -1 : 0;
        int first = negative ? block[from] & 0xff : block[from] & 0x7f;
        for (int i = 0; i < length; i++) {
            long next = i == 0 ? first : block[from + i] & 0xff;
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw badNumber(from);
            }
            value = value << 8 | next;
        }
        return value;
    }

    private MalformedTarException badNumber(int from) {
        return new MalformedTarException(
                "the header at offset " + offset + " has a bad number in its field at " + from);
    }
}
