package zship.localnode.cgroup;

import java.io.IOException;

import zship.localnode.cgroup.ControlGroups.Group;

/** How much memory the processes of a group may use. Version 1 counts memory and swap together, version 2 apart. */
final class MemoryLimit {

    /** No limit: the largest number of whole pages, as version 1 shows it. */
    static final long NONE = 9_223_372_036_854_771_712L;

    private static final String V1_MEMORY = "memory.limit_in_bytes";
    private static final String V1_BOTH = "memory.memsw.limit_in_bytes";
    private static final String V2_MEMORY = "memory.max";
    private static final String V2_SWAP = "memory.swap.max";
    private static final String MAX = "max";

    private final Group group;

    MemoryLimit(Group group) {
        this.group = group;
    }

    /** Bytes of memory. */
    long memory() throws IOException {
        return read(group.unified() ? V2_MEMORY : V1_MEMORY);
    }

    /** Bytes of swap; 0 when there is no limit of its own. */
    long swap() throws IOException {
        if (group.unified()) {
            long swap = read(V2_SWAP);
            return swap == NONE ? 0 : swap;
        }
        long both = read(V1_BOTH);
        return both == NONE ? 0 : both - memory();
    }

    private long read(String file) throws IOException {
        String text = group.read(file).orElse(MAX);
        return text.matches("\\d{1,19}") && text.compareTo(Long.toString(NONE)) != 0 && text.length() < 19
                ? Long.parseLong(text)
                : NONE;
    }

    /** Sets both; version 1 never allows more memory than memory and swap together, which decides the order. */
    void set(long memory, long swap) throws IOException {
        if (group.unified()) {
            if (group.read(V2_MEMORY).isEmpty()) {
                throw new IOException("memory cannot be limited in " + group.directory()
                        + ": the kernel's controller for it was not given to the group above");
            }
            group.write(V2_MEMORY, memory == NONE ? MAX : Long.toString(memory));
            if (group.read(V2_SWAP).isPresent()) {
                group.write(V2_SWAP, memory == NONE ? MAX : Long.toString(swap));
            }
            return;
        }
        boolean counted = group.read(V1_BOTH).isPresent();
        boolean raised = memory >= memory();
        String both = memory == NONE ? "-1" : Long.toString(memory + swap);
        if (counted && raised) {
            group.write(V1_BOTH, both);
        }
        group.write(V1_MEMORY, memory == NONE ? "-1" : Long.toString(memory));
        if (counted && !raised) {
            group.write(V1_BOTH, both);
        }
    }
}
