package zship.flist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import zship.flist.GoldenData.Line;
import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkCodec;
import zship.flist.disk.BytePaths;
import zship.flist.disk.FileStatus;
import zship.flist.disk.SystemCalls;
import zship.flist.store.ChunkStore;

/** Lists flists and directories in the form of {@link GoldenData#tree()}, so that they can be compared. */
public final class TreeListing {
    private TreeListing() {
    }

    public static List<Line> of(Flist flist, ChunkStore store) {
        List<Line> lines = new ArrayList<>();
        lines.add(line(TreePath.ROOT, flist.root(), store));
        flist.walk((path, entry) -> lines.add(line(path, entry, store)));
        return lines;
    }

    private static Line line(TreePath path, Entry entry, ChunkStore store) {
        Permissions p = entry.permissions();
        char type = switch (entry) {
            case Directory directory -> 'd';
            case FileEntry file -> 'f';
            case LinkEntry link -> 'l';
            case SpecialEntry special -> "sbcp?".charAt(special.kind().ordinal());
        };
        String content = switch (entry) {
            case Directory directory -> "-";
            case FileEntry file -> sha256(file, store);
            case LinkEntry link -> HexFormat.of().formatHex(link.target());
            case SpecialEntry special -> special.kind().isDevice() ? special.major() + "," + special.minor() : "-";
        };
        return new Line(type, p.mode(), p.uid(), p.gid(), entry.attributes().modified(),
                type == 'f' ? entry.size() : 0, content, path.toString());
    }

    private static String sha256(FileEntry file, ChunkStore store) {
        ChunkCodec codec = new ChunkCodec();
        MessageDigest digest = digest();
        try {
            for (Block block : file.blocks()) {
                digest.update(codec.decode(block, store.get(block.id()).orElseThrow(), file.pieceSize()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    public static List<Line> of(Path root) throws IOException {
        List<Line> lines = new ArrayList<>();
        add(TreePath.ROOT, root, lines);
        return lines;
    }

    private static void add(TreePath path, Path disk, List<Line> lines) throws IOException {
        FileStatus status = FileStatus.of(disk);
        lines.add(line(path, disk, status));
        if (status.type() == FileStatus.DIRECTORY) {
            List<Name> names = new ArrayList<>();
            try (var children = Files.newDirectoryStream(disk)) {
                children.forEach(child -> names.add(Name.of(BytePaths.name(child))));
            }
            names.sort(null);
            for (Name name : names) {
                add(path.resolve(name), BytePaths.child(disk, name.bytes()), lines);
            }
        }
    }

    private static Line line(TreePath path, Path disk, FileStatus status) throws IOException {
        String content = "-";
        char type = switch (status.type()) {
            case FileStatus.DIRECTORY -> 'd';
            case FileStatus.REGULAR -> 'f';
            case FileStatus.LINK -> 'l';
            case FileStatus.CHARACTER -> 'c';
            case FileStatus.BLOCK -> 'b';
            case FileStatus.FIFO -> 'p';
            default -> 's';
        };
        if (type == 'f') {
            content = HexFormat.of().formatHex(digest().digest(Files.readAllBytes(disk)));
        } else if (type == 'l') {
            content = HexFormat.of().formatHex(BytePaths.bytes(Files.readSymbolicLink(disk)));
        } else if (type == 'c' || type == 'b') {
            content = SystemCalls.major(status.device()) + "," + SystemCalls.minor(status.device());
        }
        return new Line(type, status.mode(), status.uid(), status.gid(), status.modified(),
                type == 'f' ? status.size() : 0, content, path.toString());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
