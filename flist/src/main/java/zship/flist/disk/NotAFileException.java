package zship.flist.disk;

import java.io.Serial;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Something that is no regular file has the name under which a file was to be put. */
public final class NotAFileException extends FileSystemException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotAFileException(Path path, String kind) {
        super(path.toString(), null, "it is a " + kind + ", not a file");
    }
}
