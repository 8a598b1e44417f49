package zship.flist.unpack;

import java.nio.file.Path;
import java.util.List;

import zship.flist.TreePath;

/**
 * What unpacking made.
 *
 * @param root the directory
 * @param files regular files
 * @param directories directories below the root
 * @param links symbolic links
 * @param specials devices, pipes and sockets that could be made
 * @param bytes in regular files
 * @param kept of these, found right on disk and not fetched again
 * @param shortened files whose flist entry promises more bytes than it has pieces for (a fault of some old tools)
 * @param skipped devices that could not be made because only root may
 */
public record UnpackedTree(Path root, int files, int directories, int links, int specials, long bytes, long kept,
        List<TreePath> shortened, List<TreePath> skipped) {
    /** Keeps its own copies of the lists. */
    public UnpackedTree {
        shortened = List.copyOf(shortened);
        skipped = List.copyOf(skipped);
    }
}
