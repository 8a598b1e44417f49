package zship.flist;

/**
 * A file that is neither data, directory nor link. Nodes do not show these; a start-up script has to make them.
 *
 * @param name the name in its directory
 * @param attributes owners, permission bits and times
 * @param kind what it is
 * @param major a device's major number as recorded, which may be more than any system has, else 0
 * @param minor a device's minor number, likewise
 */
public record SpecialEntry(Name name, Attributes attributes, Kind kind, long major, long minor) implements Entry {
    /** What a special file is, in the order of the wire format's enumeration. */
    public enum Kind {
        /** A unix socket. */
        SOCKET,
        /** A block device. */
        BLOCK,
        /** A character device. */
        CHARACTER,
        /** A named pipe. */
        FIFO,
        /** Something the flist does not name. */
        UNKNOWN;

        /** Whether it has major and minor numbers. */
        public boolean isDevice() {
            return this == BLOCK || this == CHARACTER;
        }
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public SpecialEntry withName(Name other) {
        return new SpecialEntry(other, attributes, kind, major, minor);
    }

    @Override
    public SpecialEntry withAttributes(Attributes other) {
        return new SpecialEntry(name, other, kind, major, minor);
    }
}
