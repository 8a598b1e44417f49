package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.LinkEntry;
import zship.flist.SpecialEntry;
import zship.flist.TreePath;
import zship.flist.disk.BytePaths;
import zship.flist.disk.FileStatus;
import zship.flist.disk.SystemCalls;

/**
 * The last pass: owners, modes and times of files, then links and special files, then those of directories from the leaves up, so
 * that nothing disturbs them.
 */
final class Finish {
    private final OwnerNumbers owners;
    private final DiskOwner made;
    private final boolean fresh;
    private final List<TreePath> skipped = new ArrayList<>();

    /**
     * Prepares the last pass.
     *
     * @param made who owns what this process made
     * @param fresh whether it made everything but the directory it began in
     */
    Finish(OwnerNumbers owners, DiskOwner made, boolean fresh) {
        this.owners = owners;
        this.made = made;
        this.fresh = fresh;
    }

    /** Finishes regular files, which do not depend on each other. */
    void files(List<OutputFile> files) throws IOException {
        // Nothing is thrown by those side by side: a failure would not wait for the others.
        Optional<IOException> first = files.parallelStream().map(this::file).flatMap(Optional::stream)
                .reduce((one, other) -> one);
        if (first.isPresent()) {
            throw first.get();
        }
    }

    private Optional<IOException> file(OutputFile file) {
        try {
            apply(file.entry().attributes(), file.disk());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Finishes everything else, and the directory it was unpacked to, which may have been there before. */
    void tree(Directory root, Path disk) throws IOException {
        if (made.isRoot()) {
            give("unix:uid", owners.uid(root.attributes().permissions()), disk);
            give("unix:gid", owners.gid(root.attributes().permissions()), disk);
        }
        directory(root, TreePath.ROOT, disk);
    }

    private void directory(Directory directory, TreePath path, Path disk) throws IOException {
        for (Entry entry : directory.entries()) {
            entry(entry, path.resolve(entry.name()), BytePaths.child(disk, entry.name().bytes()));
        }
        apply(directory.attributes(), disk);
    }

    /** Special files that could not be made. */
    List<TreePath> skipped() {
        return skipped;
    }

    private void entry(Entry entry, TreePath path, Path disk) throws IOException {
        switch (entry) {
            case Directory inner -> directory(inner, path, disk);
            case LinkEntry link -> link(link, disk);
            case SpecialEntry special -> special(special, path, disk);
            case FileEntry _ -> {
                // With the other files, before.
            }
        }
    }

    private void link(LinkEntry link, Path disk) throws IOException {
        SystemCalls.symlink(disk, link.target());
        own(link.attributes(), disk);
        time(link.attributes(), disk);
    }

    private void special(SpecialEntry special, TreePath path, Path disk) throws IOException {
        int type = switch (special.kind()) {
            case SOCKET -> FileStatus.SOCKET;
            case BLOCK -> FileStatus.BLOCK;
            case CHARACTER -> FileStatus.CHARACTER;
            case FIFO -> FileStatus.FIFO;
            case UNKNOWN -> 0;
        };
        if (type == 0 || !SystemCalls.mknod(disk, type | 0600, special.major(), special.minor())) {
            skipped.add(path);
            return;
        }
        apply(special.attributes(), disk);
    }

    private void apply(Attributes attributes, Path disk) throws IOException {
        own(attributes, disk);
        Files.setAttribute(disk, "unix:mode", attributes.permissions().mode());
        time(attributes, disk);
    }

    /** Changing the owner clears set-id bits, so this comes before the mode. */
    private void own(Attributes attributes, Path disk) throws IOException {
        if (!made.isRoot()) {
            return;
        }
        int uid = owners.uid(attributes.permissions());
        int gid = owners.gid(attributes.permissions());
        if (!fresh || uid != made.uid()) {
            give("unix:uid", uid, disk);
        }
        if (!fresh || gid != made.gid()) {
            give("unix:gid", gid, disk);
        }
    }

    private static void give(String attribute, int number, Path disk) throws IOException {
        Files.setAttribute(disk, attribute, number, LinkOption.NOFOLLOW_LINKS);
    }

    private static void time(Attributes attributes, Path disk) throws IOException {
        SystemCalls.modified(disk, attributes.modified());
    }
}
