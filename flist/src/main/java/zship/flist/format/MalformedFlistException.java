package zship.flist.format;

import java.io.IOException;
import java.io.Serial;

/** A file that is not an flist or is damaged. The message says where. */
public final class MalformedFlistException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Damage described by {@code message}. */
    public MalformedFlistException(String message) {
        super(message);
    }

    MalformedFlistException(String message, Throwable cause) {
        super(message, cause);
    }
}
