package zship.builder.step;

import java.nio.file.Path;

/**
 * A finished root.
 *
 * @param root the tree on this machine, for looking at; owners and some modes are only in the archive
 * @param archive the tar.gz with explicit owners, modes and times: what is packed
 * @param bill the bill of materials in CycloneDX JSON, beside the archive
 * @param archiveSha256 digest of the archive, 64 hexadecimal digits
 * @param bytes sum of the sizes of the regular files
 * @param files number of regular files
 * @param cached whether everything was done before and nothing changed
 */
public record BuiltRoot(Path root, Path archive, Path bill, String archiveSha256, long bytes, int files,
        boolean cached) {
}
