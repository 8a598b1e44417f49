package zship.flist.chunk;

import java.io.IOException;
import java.io.Serial;

/** The bytes found under a chunk id are not the chunk: altered, cut, or deciphered with the wrong key. */
public final class CorruptChunkException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    CorruptChunkException(String message) {
        super(message);
    }
}
