package zship.flist;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import zship.flist.FlistException.Kind;
import zship.flist.disk.DiskFaults;
import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;
import zship.flist.format.LargeFlistException;
import zship.flist.format.MalformedFlistException;

/** Reads flist files. */
final class FlistFile {
    private static final long GIBIBYTE = 1 << 30;

    /** Where a package comes from. */
    interface Source {
        FlistPackage read() throws IOException;
    }

    private record Rows(FlistDatabase database, Optional<String> router) {
        static Rows of(FlistPackage outer) throws IOException {
            return new Rows(FlistDatabase.parse(outer.database()), outer.router());
        }
    }

    private FlistFile() {
    }

    static Flist read(Path file) {
        return read("read the flist " + file, () -> {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                return FlistPackage.read(in);
            }
        });
    }

    static Flist read(String what, Source source) {
        try {
            // The package's bytes are let go of before the tree is made.
            Rows rows = Rows.of(source.read());
            return new Flist(TreeDecoder.decode(rows.database.entries()), rows.database.metadata(), rows.router);
        } catch (NoSuchFileException e) {
            throw new FlistException(Kind.NOT_FOUND, what, "there is no such file", "check the path", e);
        } catch (MalformedFlistException e) {
            throw new FlistException(Kind.DAMAGED, what, DiskFaults.reason(e), "download or pack the flist again", e);
        } catch (LargeFlistException e) {
            throw new FlistException(Kind.FAILED, what, DiskFaults.reason(e),
                    "run it again with JAVA_TOOL_OPTIONS=-Xmx" + (e.heap() / GIBIBYTE + 1) + "g", e);
        } catch (IOException e) {
            throw new FlistException(Kind.FAILED, what, DiskFaults.reason(e), "check that the file is readable", e);
        }
    }
}
