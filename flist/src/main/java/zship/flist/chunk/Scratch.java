package zship.flist.chunk;

/**
 * Memory that is used again for every piece of work. Fresh memory would have to be cleared, and its pages found, each time,
 * which for gigabytes costs as much as hashing them.
 */
final class Scratch {
    /** More than this is not kept for later. */
    private static final int MOST_KEPT = 32 << 20;

    private byte[] array = new byte[0];
    private int used;

    /** Begins anew: everything taken before may be overwritten. */
    void clear() {
        if (array.length > MOST_KEPT) {
            array = new byte[0];
        }
        used = 0;
    }

    /** Room for so many bytes, with what earlier work left there. */
    Slice take(int length) {
        if (length > array.length - used) {
            // What was taken from the array before stays as it is, for as long as somebody has it.
            array = new byte[Math.max(length, Math.min(2 * array.length, MOST_KEPT))];
            used = 0;
        }
        Slice room = new Slice(array, used, length);
        used += length;
        return room;
    }

    /** The beginning of what was taken last; the rest can be taken again. */
    Slice shorten(Slice last, int length) {
        used -= last.length() - length;
        return new Slice(last.array(), last.offset(), length);
    }
}
