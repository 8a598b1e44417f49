package zship.builder.step;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Puts into words why a file or a server could not be used. */
final class Reasons {

    private Reasons() {
    }

    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException twice -> "there is already a " + twice.getFile();
            case FileSystemException file -> "%s: %s".formatted(file.getFile(),
                    Objects.requireNonNullElse(file.getReason(), "cannot be used"));
            case HttpTimeoutException timeout -> "no answer in time";
            case UnknownHostException host -> "the host name is not known";
            case ConnectException refused -> refused.getCause() != null && hasUnresolved(refused)
                    ? "the host name is not known"
                    : Objects.requireNonNullElse(refused.getMessage(), "no connection");
            default -> Objects.requireNonNullElse(e.getMessage(), "it cannot be read or written");
        };
    }

    private static boolean hasUnresolved(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
