package zship.flist.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;

/**
 * What fills a part of an flist.
 *
 * @param path the directory or file
 * @param bytes of all regular files below, each counted fully
 * @param files regular files below
 * @param chunks distinct chunks below
 */
public record Usage(TreePath path, long bytes, int files, int chunks) {
    /** The usage of every entry of {@code directory}, the largest first. */
    public static List<Usage> perEntry(TreePath path, Directory directory) {
        List<Usage> usages = new ArrayList<>();
        for (Entry entry : directory.entries()) {
            usages.add(of(path.resolve(entry.name()), entry));
        }
        usages.sort(Comparator.comparingLong(Usage::bytes).reversed().thenComparing(Usage::path));
        return usages;
    }

    /** The usage of one entry and all that is in it. */
    public static Usage of(TreePath path, Entry entry) {
        List<FileEntry> files = new ArrayList<>();
        collect(entry, files);
        Set<ChunkId> ids = new HashSet<>();
        files.forEach(file -> file.blocks().stream().map(Block::id).forEach(ids::add));
        return new Usage(path, files.stream().mapToLong(FileEntry::size).sum(), files.size(), ids.size());
    }

    private static void collect(Entry entry, List<FileEntry> files) {
        if (entry instanceof FileEntry file) {
            files.add(file);
        } else if (entry instanceof Directory directory) {
            directory.entries().forEach(below -> collect(below, files));
        }
    }
}
