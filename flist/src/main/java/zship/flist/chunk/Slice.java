package zship.flist.chunk;

/**
 * Some bytes of an array, which is not copied.
 *
 * @param array holds them
 * @param offset of the first one
 * @param length how many
 */
public record Slice(byte[] array, int offset, int length) {
    /** Checks that the array has these bytes. */
    public Slice {
        if (offset < 0 || length < 0 || length > array.length - offset) {
            throw new IllegalArgumentException(
                    length + " bytes from " + offset + " are not within " + array.length + " bytes");
        }
    }

    static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }
}
