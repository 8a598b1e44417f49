package zship.flist.pack;

/**
 * How to pack.
 *
 * @param created the creation time of every entry, in seconds since 1970; fixed, so that the same input gives the same flist
 * @param overwrite send every chunk without asking whether the store has it; this heals altered chunks
 * @param parallelism threads that hash, compress and encrypt
 * @param largestTree bytes of memory that the names, links, attributes and lists of chunks of a tree may take, roughly
 */
public record PackOptions(long created, boolean overwrite, int parallelism, long largestTree) {
    /** Creation time 0, nothing sent twice, all cores, and a tree that fits into the memory beside what is made of it. */
    public static final PackOptions DEFAULT = new PackOptions(0, false, Runtime.getRuntime().availableProcessors(),
            Runtime.getRuntime().maxMemory() / 2);

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
        return new PackOptions(epochSeconds, overwrite, parallelism, largestTree);
    }

    /** The same, sending every chunk or only those the store lacks. */
    public PackOptions withOverwrite(boolean value) {
        return new PackOptions(created, value, parallelism, largestTree);
    }

    /** The same with another number of threads. */
    public PackOptions withParallelism(int threads) {
        return new PackOptions(created, overwrite, threads, largestTree);
    }

    /** The same with a smaller or larger tree, bytes. */
    public PackOptions withLargestTree(long bytes) {
        return new PackOptions(created, overwrite, parallelism, bytes);
    }
}
