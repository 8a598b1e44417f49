package zship.builder.sbom;

import java.util.List;

/**
 * Something that went into a root.
 *
 * @param name its name
 * @param version its version
 * @param purl its package URL, as in the purl specification
 * @param licences SPDX identifiers, or the names that Debian's copyright file uses; empty when not known
 * @param sha256 digest of the archive or package that it came from; empty when not known
 * @param why what it is in the root for
 */
public record Material(String name, String version, String purl, List<String> licences, String sha256, String why) {

    /** Copies the list. */
    public Material {
        licences = List.copyOf(licences);
    }
}
