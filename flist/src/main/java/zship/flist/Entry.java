package zship.flist;

/** One entry of a directory. Entries are immutable. */
public sealed interface Entry permits Directory, FileEntry, LinkEntry, SpecialEntry {
    /** The name in the directory that holds it. */
    Name name();

    /** Owners, permission bits and times. */
    Attributes attributes();

    /** Bytes of a file, length of a link's target, 4096 for a directory, 0 for a special file. */
    long size();

    /** The same entry under another name. */
    Entry withName(Name other);

    /** The same entry with other owners, bits or times. */
    Entry withAttributes(Attributes other);

    /** Shorthand for {@code attributes().permissions()}. */
    default Permissions permissions() {
        return attributes().permissions();
    }
}
