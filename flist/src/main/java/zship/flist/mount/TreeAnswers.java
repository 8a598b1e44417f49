package zship.flist.mount;

import java.lang.foreign.MemorySegment;
import java.util.List;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.LinkEntry;
import zship.flist.SpecialEntry;
import zship.flist.disk.FileStatus;
import zship.flist.unpack.OwnerNumbers;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Composes what the kernel wants to know about the tree: entries, attributes, directories. The tree never changes, so the kernel
 * may keep everything, also that a name does not exist.
 */
final class TreeAnswers {
    private static final long FOR_EVER = 10L * 365 * 24 * 3600;
    private static final int BLOCK = 512;
    private static final int PAGE = 4096;

    private final MountedTree tree;
    private final OwnerNumbers owners;
    private final long totalBytes;

    TreeAnswers(MountedTree tree, OwnerNumbers owners) {
        this.tree = tree;
        this.owners = owners;
        long bytes = 0;
        for (long node = MountedTree.ROOT; tree.has(node); node++) {
            bytes += Math.min(size(tree.entry(node)), Long.MAX_VALUE - bytes);
        }
        this.totalBytes = bytes;
    }

    /** An entry, or that there is none (node 0); returns the length. */
    int entry(MemorySegment out, long offset, long node) {
        out.asSlice(offset, Abi.ENTRY).fill((byte) 0);
        out.set(JAVA_LONG, offset, node);
        out.set(JAVA_LONG, offset + 16, FOR_EVER);
        if (node != 0) {
            out.set(JAVA_LONG, offset + 24, FOR_EVER);
            attributes(out, offset + 40, node);
        }
        return Abi.ENTRY;
    }

    /** The answer to a question for attributes; returns the length. */
    int attributes(MemorySegment out, long node) {
        out.asSlice(0, Abi.ATTRIBUTES_ANSWER).fill((byte) 0);
        out.set(JAVA_LONG, 0, FOR_EVER);
        attributes(out, 16, node);
        return Abi.ATTRIBUTES_ANSWER;
    }

    private void attributes(MemorySegment out, long at, long node) {
        Entry entry = tree.entry(node);
        long size = size(entry);
        long modified = entry.attributes().modified();
        out.set(JAVA_LONG, at, node);
        out.set(JAVA_LONG, at + 8, size);
        out.set(JAVA_LONG, at + 16, Math.ceilDiv(size, (long) BLOCK));
        out.set(JAVA_LONG, at + 24, modified);
        out.set(JAVA_LONG, at + 32, modified);
        out.set(JAVA_LONG, at + 40, entry.attributes().created());
        out.set(JAVA_INT, at + 60, type(entry) | entry.permissions().mode());
        out.set(JAVA_INT, at + 64, links(entry));
        out.set(JAVA_INT, at + 68, owners.uid(entry.permissions()));
        out.set(JAVA_INT, at + 72, owners.gid(entry.permissions()));
        out.set(JAVA_INT, at + 76, entry instanceof SpecialEntry special ? device(special) : 0);
        out.set(JAVA_INT, at + 80, PAGE);
    }

    static long size(Entry entry) {
        return entry instanceof FileEntry file ? new FileShape(file).available() : entry.size();
    }

    static int type(Entry entry) {
        return switch (entry) {
            case Directory directory -> FileStatus.DIRECTORY;
            case FileEntry file -> FileStatus.REGULAR;
            case LinkEntry link -> FileStatus.LINK;
            case SpecialEntry special -> switch (special.kind()) {
                case BLOCK -> FileStatus.BLOCK;
                case CHARACTER -> FileStatus.CHARACTER;
                case FIFO -> FileStatus.FIFO;
                // Nothing else fits a file of no known kind: it is there, and nobody can do anything with it.
                case SOCKET, UNKNOWN -> FileStatus.SOCKET;
            };
        };
    }

    private static int links(Entry entry) {
        if (!(entry instanceof Directory directory)) {
            return 1;
        }
        return 2 + (int) directory.entries().stream().filter(Directory.class::isInstance).count();
    }

    /** As the kernel packs device numbers in 32 bits: 12 bits of the major one, 20 of the minor one; 0 where they do not fit. */
    private static int device(SpecialEntry special) {
        int major = (int) special.major();
        int minor = (int) special.minor();
        boolean fits = (special.major() & ~0xfffL) == 0 && (special.minor() & ~0xf_ffffL) == 0;
        return fits ? minor & 0xff | major << 8 | (minor & 0xfff00) << 12 : 0;
    }

    /** The target of a link, without an end mark; returns the length. */
    static int target(MemorySegment out, LinkEntry link) {
        byte[] target = link.target();
        MemorySegment.copy(target, 0, out, JAVA_BYTE, 0, target.length);
        return target.length;
    }

    /** Sizes of the whole file system; returns the length. */
    int statistics(MemorySegment out) {
        out.asSlice(0, Abi.STATFS_ANSWER).fill((byte) 0);
        out.set(JAVA_LONG, 0, Math.ceilDiv(totalBytes, (long) PAGE));
        out.set(JAVA_LONG, 24, tree.size());
        out.set(JAVA_INT, 40, PAGE);
        out.set(JAVA_INT, 44, 255);
        out.set(JAVA_INT, 48, PAGE);
        return Abi.STATFS_ANSWER;
    }

    /**
     * As much of a directory as fits, beginning with its entry number {@code from}; 0 and 1 are {@code .} and {@code ..}.
     *
     * @param plus whether the kernel wants attributes too
     * @return the length; 0 at the end of the directory
     */
    int directory(MemorySegment out, long node, long from, int room, boolean plus) {
        List<Entry> entries = ((Directory) tree.entry(node)).entries();
        int length = 0;
        for (long index = Math.max(0, from); index < entries.size() + 2L; index++) {
            long child = index == 0 ? node : index == 1 ? tree.parent(node) : tree.child(node, (int) index - 2);
            byte[] name = index == 0
                    ? new byte[]{'.'}
                    : index == 1 ? new byte[]{'.', '.'} : tree.entry(child).name().bytes();
            int needed = (plus ? Abi.ENTRY : 0) + (Abi.DIRENT + name.length + 7 & ~7);
            if (length + needed > Math.min(room, out.byteSize())) {
                break;
            }
            if (plus) {
                // The kernel takes no attributes of . and .. from here.
                entry(out, length, index < 2 ? 0 : child);
            }
            dirent(out, length + (plus ? Abi.ENTRY : 0), child, index + 1, name);
            length += needed;
        }
        return length;
    }

    private void dirent(MemorySegment out, long at, long node, long next, byte[] name) {
        out.set(JAVA_LONG, at, node);
        out.set(JAVA_LONG, at + 8, next);
        out.set(JAVA_INT, at + 16, name.length);
        out.set(JAVA_INT, at + 20, type(tree.entry(node)) >> 12);
        int padded = name.length + 7 & ~7;
        out.asSlice(at + Abi.DIRENT, padded).fill((byte) 0);
        MemorySegment.copy(name, 0, out, JAVA_BYTE, at + Abi.DIRENT, name.length);
    }
}
