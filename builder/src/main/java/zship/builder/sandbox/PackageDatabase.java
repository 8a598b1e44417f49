package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What is known of the Debian packages that the files of a system come from. */
public interface PackageDatabase {

    /** Returns the folder that the files are in; {@code /} for those of this machine. */
    Path files();

    /** Returns a package by its name, when it is there. */
    Optional<InstalledPackage> named(String name) throws IOException;

    /** Returns the package of a file of the system; nothing when it is of none, as a file that was compiled. */
    Optional<InstalledPackage> owner(Path file) throws IOException;
}
