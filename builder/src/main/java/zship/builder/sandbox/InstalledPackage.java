package zship.builder.sandbox;

/**
 * A Debian package of a build root or of this machine.
 *
 * @param name its name
 * @param version its version
 * @param architecture its architecture, {@code all} for any
 * @param source name of the source package that it was built from
 * @param sha256 digest of the package file, 64 hexadecimal digits; empty when not known
 */
public record InstalledPackage(String name, String version, String architecture, String source, String sha256) {

    private static final int FIELDS = 5;

    /** Writes it as one line of fields between tabs. */
    String line() {
        return String.join("\t", name, version, architecture, source, sha256);
    }

    static InstalledPackage parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not a package of a build root: " + line);
        }
        return new InstalledPackage(fields[0], fields[1], fields[2], fields[3], fields[4]);
    }
}
