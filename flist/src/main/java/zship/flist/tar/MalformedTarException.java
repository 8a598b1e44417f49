package zship.flist.tar;

import java.io.IOException;
import java.io.Serial;

/** An archive that is damaged, or uses a feature that cannot be carried over. The message names the member or the offset. */
public final class MalformedTarException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedTarException(String message) {
        super(message);
    }

    MalformedTarException(String message, Throwable cause) {
        super(message, cause);
    }
}
