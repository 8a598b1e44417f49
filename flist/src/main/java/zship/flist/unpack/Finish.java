package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

/** The last pass: links and special files, then owners, modes and times from the leaves up, so that nothing disturbs them. */
final class Finish {
    private final OwnerNumbers owners;
    private final boolean giveAway;
    private final List<TreePath> skipped = new ArrayList<>();

    Finish(OwnerNumbers owners, boolean giveAway) {
        this.owners = owners;
        this.giveAway = giveAway;
    }

    void directory(Directory directory, TreePath path, Path disk) throws IOException {
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
            case FileEntry file -> apply(file.attributes(), disk);
            case LinkEntry link -> link(link, disk);
            case SpecialEntry special -> special(special, path, disk);
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
        if (giveAway) {
            Files.setAttribute(disk, "unix:uid", owners.uid(attributes.permissions()), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(disk, "unix:gid", owners.gid(attributes.permissions()), LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void time(Attributes attributes, Path disk) throws IOException {
        SystemCalls.modified(disk, attributes.modified());
    }
}
