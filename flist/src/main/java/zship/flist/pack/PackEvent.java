package zship.flist.pack;

/** What happens while packing. */
public sealed interface PackEvent {
    /**
     * File contents were read and encoded.
     *
     * @param files regular files completed since the last event of this kind
     * @param bytes plain bytes since the last event of this kind
     */
    record Read(int files, long bytes) implements PackEvent {
    }

    /**
     * The store already had some chunks.
     *
     * @param chunks how many more
     * @param bytes their bytes as stored
     */
    record Reused(int chunks, long bytes) implements PackEvent {
    }

    /**
     * The store has taken some chunks.
     *
     * @param chunks how many more
     * @param bytes their bytes as stored
     */
    record Sent(int chunks, long bytes) implements PackEvent {
    }

    /**
     * Something that will look different on a node, counted over the whole tree; reported once per loss.
     *
     * @param loss what is lost
     * @param count entries concerned
     * @param example the first of them
     */
    record Warned(Loss loss, int count, String example) implements PackEvent {
    }

    /** What an flist, or a node that mounts one, cannot carry. */
    enum Loss {
        /** Devices, pipes and sockets are not shown by nodes. */
        SPECIAL_FILES("devices, pipes and sockets are not shown by nodes"),
        /** Nodes show only the rwx bits. */
        MODE_BITS("set-user-id, set-group-id and sticky bits are dropped by nodes"),
        /** Nodes of 2019 show everything as root's, so who else may read or run something by being its owner may not. */
        OWNERS("rights to read or run that only an owner or group other than root has are lost on nodes of 2019"),
        /** Nodes take very long to list directories of more than 10,000 entries. */
        LARGE_DIRECTORIES("nodes are slow in directories of more than 10,000 entries"),
        /** Times before 1970 or after 2106 were moved to the nearest time an flist can hold. */
        TIMES("times outside 1970 to 2106 were moved to the nearest possible one");

        private final String text;

        Loss(String text) {
            this.text = text;
        }

        /** Whether the flist itself carries it, and only nodes do not. */
        public boolean isOfNodes() {
            return this != TIMES;
        }

        /** One sentence for the user. */
        public String text() {
            return text;
        }
    }
}
