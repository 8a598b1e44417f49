package zship.flist.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import zship.flist.FlistException;
import zship.flist.Name;
import zship.flist.SpecialEntry.Kind;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.Slice;
import zship.flist.disk.BytePaths;
import zship.flist.disk.DiskFaults;
import zship.flist.disk.FileStatus;
import zship.flist.disk.SparseFile;
import zship.flist.disk.SystemCalls;
import zship.flist.pack.Draft.Facts;
import zship.flist.pack.Draft.Folder;

/**
 * A directory on disk, which may be reached through a link, such as {@code /proc/self/fd/9}, that has no real path here. Names are
 * read as bytes; links below it are never followed; file contents are read by the encoding threads.
 */
final class DirectorySource implements TreeSource {
    private static final long MAX_OWNER_FILE = 1 << 20;
    /** Smaller files are read sooner than asked for holes. */
    private static final long MAYBE_SPARSE = 64 << 20;

    private final Path root;

    DirectorySource(Path root) {
        this.root = root;
    }

    @Override
    public void read(DraftTree tree, ChunkPipeline pipeline) {
        try {
            ownerFile("passwd").ifPresent(tree.names()::readPasswd);
            ownerFile("group").ifPresent(tree.names()::readGroup);
            tree.rootFacts(facts(FileStatus.of(root.resolve("."))));
            readInto(tree, TreePath.ROOT, root, pipeline);
        } catch (IOException e) {
            throw failure(root, e);
        }
    }

    private Optional<byte[]> ownerFile(String name) throws IOException {
        // A link to the directory would lead to the owners of the machine that packs.
        Path folder = root.resolve("etc");
        Path file = folder.resolve(name);
        boolean usable = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= MAX_OWNER_FILE;
        return usable ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    private static void readInto(DraftTree tree, TreePath path, Path directory, ChunkPipeline pipeline)
            throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                Name name = Name.of(BytePaths.name(child));
                Draft draft = draft(child, tree, pipeline);
                put(tree, path, name, draft, child);
                if (draft instanceof Folder) {
                    readInto(tree, path.resolve(name), child, pipeline);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException("listing " + directory + " failed", e);
        }
    }

    private static void put(DraftTree tree, TreePath parent, Name name, Draft draft, Path child) {
        try {
            tree.put(parent, name, draft);
        } catch (IllegalArgumentException e) {
            throw tooLarge(child, e);
        }
    }

    private static FlistException tooLarge(Path path, IllegalArgumentException e) {
        return new FlistException(FlistException.Kind.FAILED, "pack " + path, String.valueOf(e.getMessage()),
                "pack a smaller tree", e);
    }

    /** What is at {@code path}; the contents of a file are on their way to {@code pipeline} then. */
    static Draft draft(Path path, DraftTree tree, ChunkPipeline pipeline) throws IOException {
        FileStatus status = FileStatus.of(path);
        Facts facts = facts(status);
        return switch (status.type()) {
            case FileStatus.DIRECTORY -> tree.folder(facts);
            case FileStatus.REGULAR -> new Draft.Data(facts, content(path, status.size(), tree, pipeline));
            case FileStatus.LINK -> new Draft.Link(facts, BytePaths.bytes(Files.readSymbolicLink(path)));
            case FileStatus.CHARACTER -> device(facts, Kind.CHARACTER, status.device());
            case FileStatus.BLOCK -> device(facts, Kind.BLOCK, status.device());
            case FileStatus.FIFO -> new Draft.Node(facts, Kind.FIFO, 0, 0);
            case FileStatus.SOCKET -> new Draft.Node(facts, Kind.SOCKET, 0, 0);
            default -> new Draft.Node(facts, Kind.UNKNOWN, 0, 0);
        };
    }

    private static Draft.Node device(Facts facts, Kind kind, long number) {
        return new Draft.Node(facts, kind, Integer.toUnsignedLong(SystemCalls.major(number)),
                Integer.toUnsignedLong(SystemCalls.minor(number)));
    }

    private static FileContent content(Path path, long size, DraftTree tree, ChunkPipeline pipeline) {
        try {
            FileContent content = new FileContent(size);
            pipeline.begin(content);
            if (size < MAYBE_SPARSE) {
                submit(path, content, 0, content.pieces(), pipeline);
            } else {
                submitWithHoles(path, content, tree, pipeline);
            }
            return content;
        } catch (IllegalArgumentException e) {
            throw tooLarge(path, e);
        }
    }

    /** Pieces that are nothing but hole are not read: a log of logins may have a terabyte of them. */
    private static void submitWithHoles(Path path, FileContent content, DraftTree tree, ChunkPipeline pipeline) {
        try (SparseFile file = SparseFile.open(path, content.size())) {
            for (int next = 0; next < content.pieces();) {
                long position = (long) next * ChunkCodec.PIECE_SIZE;
                long data = Math.min(file.dataFrom(position), content.size());
                int hole = (int) (Math.max(0, data - position) / ChunkCodec.PIECE_SIZE);
                if (hole > 0) {
                    tree.requireRoomFor(next + hole);
                    pipeline.submitHole(content, next, hole);
                } else {
                    submit(path, content, next, next + 1, pipeline);
                }
                next += Math.max(1, hole);
            }
        }
    }

    private static void submit(Path path, FileContent content, int from, int to, ChunkPipeline pipeline) {
        for (int i = from; i < to; i++) {
            int index = i;
            pipeline.submit(content, index, (buffer, offset) -> {
                Slice piece = new Slice(buffer, offset, content.pieceLength(index));
                read(path, (long) index * ChunkCodec.PIECE_SIZE, piece);
                return piece;
            });
        }
    }

    private static void read(Path path, long position, Slice target) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer buffer = ByteBuffer.wrap(target.array(), target.offset(), target.length());
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, position + buffer.position() - target.offset());
                if (read < 0) {
                    throw new IOException("the file became shorter while it was read");
                }
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private static Facts facts(FileStatus status) {
        return new Facts(status.mode(), status.uid(), status.gid(), status.modified());
    }

    static FlistException failure(Path path, IOException e) {
        return new FlistException(FlistException.Kind.FAILED, "read " + path, DiskFaults.reason(e),
                "make it readable and leave it unchanged while it is packed", e);
    }
}
