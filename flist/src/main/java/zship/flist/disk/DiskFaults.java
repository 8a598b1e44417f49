package zship.flist.disk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Puts failures of the file system into words; their messages often are only a path. */
public final class DiskFaults {
    private DiskFaults() {
    }

    /** What to do when {@code e} happened: {@code otherwise}, but where no folder is at fault. */
    public static String hint(IOException e, String otherwise) {
        return e instanceof NotAFileException ? "name a file, or one that is not there yet" : otherwise;
    }

    /** Why {@code e} happened, without class names. */
    public static String reason(IOException e) {
        if (e instanceof FileSystemException fault) {
            String file = String.valueOf(fault.getFile());
            String reason = fault.getReason();
            return switch (fault) {
                case NoSuchFileException missing -> "there is no file or directory " + file;
                case AccessDeniedException denied -> "permission denied for " + file;
                case FileAlreadyExistsException existing -> file + " exists already";
                case NotDirectoryException other -> file + " is not a directory";
                case NotAFileException other -> String.valueOf(reason);
                case DirectoryNotEmptyException full -> file + " is not empty";
                default -> reason == null ? "the system refused " + file : reason + ": " + file;
            };
        }
        return e.getMessage() == null ? "no reason was given" : e.getMessage();
    }
}
