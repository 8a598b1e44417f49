package zship.flist.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import zship.flist.TreePath;
import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;
import zship.flist.tar.Compression;
import zship.flist.tar.TarMember;
import zship.flist.tar.TarReader;

/**
 * Reads an archive to its end before it is sent. A hub unpacks with tar and does not look how that ended, so what came of a
 * cut or odd archive would be published as a success.
 */
final class ArchiveTree {
    private static final int MOST_MEMBERS = 5_000_000;

    private final Map<TreePath, Sized> members = new HashMap<>();

    private record Sized(TarMember.Type type, long size) {
    }

    private ArchiveTree() {
    }

    /** What is in a tar or tar.gz; a later member replaces an earlier one of its path. */
    static HubTree read(Path archive) {
        String what = "read the archive " + archive;
        ArchiveTree tree = new ArchiveTree();
        try (TarReader tar = new TarReader(Compression.gzipRemoved(Files.newInputStream(archive)))) {
            for (Optional<TarMember> member = tar.next(); member.isPresent(); member = tar.next()) {
                tree.add(what, member.get());
            }
        } catch (IOException e) {
            throw new HubException(Kind.USAGE, what, DiskFaults.reason(e), "make the archive again, as tar or tar.gz",
                    e);
        }
        return tree.counted();
    }

    private void add(String what, TarMember member) {
        try {
            TreePath path = TreePath.of(member.name());
            boolean link = member.type() == TarMember.Type.HARD_LINK;
            Sized target = link ? members.get(TreePath.of(member.linkTarget())) : null;
            if (link && target == null) {
                throw new IllegalArgumentException("it is a hard link to no earlier member");
            }
            members.put(path, target == null ? new Sized(member.type(), member.size()) : target);
        } catch (IllegalArgumentException e) {
            throw new HubException(Kind.USAGE, what, "a member cannot be used: " + e.getMessage(),
                    "make the archive again without it", e);
        }
        if (members.size() > MOST_MEMBERS) {
            throw new HubException(Kind.USAGE, what, "it has more than " + MOST_MEMBERS + " members",
                    "pack it here, and publish the flist: zship pack");
        }
    }

    private HubTree counted() {
        long[] counts = new long[5];
        for (Sized member : members.values()) {
            switch (member.type()) {
                case FILE -> {
                    counts[0]++;
                    counts[4] += member.size();
                }
                case SYMBOLIC_LINK -> counts[1]++;
                case DIRECTORY -> counts[2]++;
                default -> counts[3]++;
            }
        }
        return new HubTree(counts[0], counts[1], counts[2], counts[3], counts[4]);
    }
}
