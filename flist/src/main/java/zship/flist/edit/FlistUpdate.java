package zship.flist.edit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.FlistException.Kind;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.disk.WriteLock;

/**
 * Changes an flist file: read, change, replace in one step. Processes that change the same file at the same time wait for each
 * other, so that no change is lost; readers never wait.
 */
public final class FlistUpdate {
    private FlistUpdate() {
    }

    /**
     * Applies {@code change} to the flist in {@code file}. When it fails, the file stays as it was. Threads of one process take
     * turns too.
     *
     * @return the SHA-256 of the file, 64 hex digits
     * @throws FlistException when the file cannot be read or written, or the change fails
     */
    public static synchronized String apply(Path file, UnaryOperator<Flist> change) {
        try (WriteLock lock = WriteLock.of(Destination.of(file).file())) {
            return change.apply(Flist.open(file)).write(file);
        } catch (NoSuchFileException e) {
            throw new FlistException(Kind.NOT_FOUND, "change the flist " + file, "there is no such file",
                    "check the path",
                    e);
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, "change the flist " + file, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the file is readable and writable"), e);
        }
    }
}
