package zship.flist.format;

import java.io.IOException;
import java.io.Serial;

/** An flist that is sound as far as it was read, but too large for the memory that Java has. */
public final class LargeFlistException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long heap;

    LargeFlistException(long bytes, long most, long heap) {
        super("its database has " + bytes + " bytes, at most " + most
                + " can be read with the memory that Java has here");
        this.heap = heap;
    }

    /** Bytes of memory that are enough, with some to spare. */
    public long heap() {
        return heap;
    }
}
