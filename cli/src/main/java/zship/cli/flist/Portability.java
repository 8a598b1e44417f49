package zship.cli.flist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import zship.cli.render.Output;
import zship.flist.format.PackageForm;

/** Says what an flist has that zship reads, but not all who will have to. */
public final class Portability {
    private Portability() {
    }

    /** Warns about each sort once. What is no flist is told by who reads its tree. */
    public static void check(Path file, Output output) {
        for (PackageForm form : forms(file)) {
            String remedy = form == PackageForm.EMPTY_ROUTER
                    ? "zship flist router " + file + " --remove"
                    : "zship flist merge " + file + " " + file;
            if (output.json()) {
                output.event("warning", Map.of("form", form.name().toLowerCase(Locale.ROOT), "flist", file.toString(),
                        "text", form.text(), "remedy", remedy));
            } else {
                output.note("warning: " + file + ": " + form.text() + "; to mend it: " + remedy);
            }
        }
    }

    private static Set<PackageForm> forms(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return PackageForm.of(in);
        } catch (IOException unreadable) {
            return Set.of();
        }
    }
}
