package zship.flist.pack;

import java.util.Optional;

/**
 * How to pack.
 *
 * @param created the creation time of every entry, in seconds since 1970; fixed, so that the same input gives the same flist
 * @param overwrite send every chunk without asking whether the store has it; this heals altered chunks
 * @param parallelism threads that hash, compress and encrypt
 * @param router the routing table to put into the flist, the text of {@code router.yaml}
 * @param room for what is known of a tree before it is written
 */
public record PackOptions(long created, boolean overwrite, int parallelism, Optional<String> router, Room room) {
    /** Creation time 0, nothing sent twice, all cores, no routing table, and a tree of any size. */
    public static final PackOptions DEFAULT = new PackOptions(0, false, Runtime.getRuntime().availableProcessors(),
            Optional.empty(), new Room(Runtime.getRuntime().maxMemory() / 8,
                    Runtime.getRuntime().maxMemory() / 2, Long.MAX_VALUE));

    /**
     * Bytes for the names, links, attributes and lists of chunks of a tree, roughly.
     *
     * @param memory how many of them stay in memory while others wait on the disk
     * @param largestDirectory what a single directory may take, which is in memory as a whole
     * @param largestTree what all directories may take
     */
    public record Room(long memory, long largestDirectory, long largestTree) {
    }

    /** Checks the ranges. */
    public PackOptions {
        if (created < 0 || created > 0xffff_ffffL) {
            throw new IllegalArgumentException("creation time " + created + " is not within 0 to 2^32-1");
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism " + parallelism + " is below 1");
        }
    }

    /** The same with another creation time, for example the value of SOURCE_DATE_EPOCH. */
    public PackOptions withCreated(long epochSeconds) {
        return new PackOptions(epochSeconds, overwrite, parallelism, router, room);
    }

    /** The same, sending every chunk or only those the store lacks. */
    public PackOptions withOverwrite(boolean value) {
        return new PackOptions(created, value, parallelism, router, room);
    }

    /** The same with another number of threads. */
    public PackOptions withParallelism(int threads) {
        return new PackOptions(created, overwrite, threads, router, room);
    }

    /** The same with a routing table. */
    public PackOptions withRouter(Optional<String> text) {
        return new PackOptions(created, overwrite, parallelism, text, room);
    }

    /** The same with other room. */
    public PackOptions withRoom(Room other) {
        return new PackOptions(created, overwrite, parallelism, router, other);
    }

    /** The same with a smaller or larger tree, bytes. */
    public PackOptions withLargestTree(long bytes) {
        return withRoom(new Room(room.memory, room.largestDirectory, bytes));
    }
}
