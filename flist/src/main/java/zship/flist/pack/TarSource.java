package zship.flist.pack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

import zship.flist.FlistException;
import zship.flist.SpecialEntry.Kind;
import zship.flist.TreePath;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.Slice;
import zship.flist.disk.DiskFaults;
import zship.flist.pack.Draft.Facts;
import zship.flist.tar.Compression;
import zship.flist.tar.MalformedTarException;
import zship.flist.tar.TarMember;
import zship.flist.tar.TarReader;

/** A tar, tar.gz or tar.zst, read as a stream: nothing is unpacked to disk. Later members replace earlier ones of the same path. */
final class TarSource implements TreeSource {
    private static final int MAX_OWNER_FILE = 1 << 20;
    private static final TreePath PASSWD = OwnerNames.PASSWD;
    private static final TreePath GROUP = OwnerNames.GROUP;

    private final Path archive;

    TarSource(Path archive) {
        this.archive = archive;
    }

    @Override
    public void read(DraftTree tree, ChunkPipeline pipeline) {
        try (TarReader tar = new TarReader(uncompressed(Files.newInputStream(archive)))) {
            readMembers(tar, tree, pipeline);
        } catch (IOException e) {
            throw failure(archive, e);
        }
    }

    /** Puts every member of {@code tar} into {@code tree}. */
    static void readMembers(TarReader tar, DraftTree tree, ChunkPipeline pipeline) throws IOException {
        for (Optional<TarMember> member = tar.next(); member.isPresent(); member = tar.next()) {
            add(tree, member.get(), tar, pipeline);
        }
        tar.finish();
    }

    /** What to say when {@code archive} cannot be read. */
    static FlistException failure(Path archive, IOException e) {
        return failure("read the archive " + archive, "make the archive again, as tar or tar.gz", e);
    }

    /** What to say when {@code what} failed, and how to make again what is damaged. */
    static FlistException failure(String what, String again, IOException e) {
        boolean damaged = e instanceof MalformedTarException || e instanceof ZipException || e instanceof EOFException;
        return damaged
                ? new FlistException(FlistException.Kind.DAMAGED, what, DiskFaults.reason(e), again, e)
                : new FlistException(FlistException.Kind.FAILED, what, DiskFaults.reason(e),
                        "check that the file is readable", e);
    }

    /** {@code file} without its gzip or zstd layer, if it has one. */
    static InputStream uncompressed(InputStream file) throws IOException {
        return Compression.removed(file);
    }

    private static void add(DraftTree tree, TarMember member, TarReader tar, ChunkPipeline pipeline)
            throws IOException {
        String shown = new String(member.name(), StandardCharsets.UTF_8);
        try {
            TreePath path = TreePath.of(member.name());
            Facts facts = new Facts(member.mode(), number(member.uid()), number(member.gid()), member.modified());
            tree.put(path, draft(tree, member, facts, new Content(path, tree, tar, pipeline)));
        } catch (IllegalArgumentException e) {
            throw new FlistException(FlistException.Kind.DAMAGED, "read the archive's member '" + shown + "'",
                    e.getMessage() == null ? "it is not valid" : e.getMessage(), "make the archive again without it",
                    e);
        }
    }

    private static Draft draft(DraftTree tree, TarMember member, Facts facts, Content content) throws IOException {
        return switch (member.type()) {
            case DIRECTORY -> tree.folder(facts);
            case FILE -> new Draft.Data(facts, content.read(member.size()));
            case SYMBOLIC_LINK -> new Draft.Link(facts, member.linkTarget());
            case HARD_LINK -> linked(tree, member, facts);
            case CHARACTER_DEVICE -> new Draft.Node(facts, Kind.CHARACTER, member.major(), member.minor());
            case BLOCK_DEVICE -> new Draft.Node(facts, Kind.BLOCK, member.major(), member.minor());
            case FIFO -> new Draft.Node(facts, Kind.FIFO, 0, 0);
        };
    }

    /** The number of an owner; some archivers write -1 for nobody, as the kernel has it. */
    private static long number(long owner) {
        if (owner < Integer.MIN_VALUE || owner > 0xffff_ffffL) {
            throw new IllegalArgumentException("its owner has the number " + owner + ", which is none");
        }
        return owner & 0xffff_ffffL;
    }

    /** Anything but a directory can have several names, also a symbolic link. */
    private static Draft linked(DraftTree tree, TarMember member, Facts facts) {
        TreePath target = TreePath.of(member.linkTarget());
        return switch (tree.find(target).orElse(null)) {
            case Draft.Data data -> new Draft.Data(facts, data.content());
            case Draft.Link link -> new Draft.Link(facts, link.target());
            case Draft.Node node -> new Draft.Node(facts, node.kind(), node.major(), node.minor());
            case null, default -> throw new IllegalArgumentException(
                    "it is a hard link to " + target + ", which is no earlier file");
        };
    }

    /** Hands the pieces of one member to the encoding threads, and looks into the two files that name owners. */
    private record Content(TreePath path, DraftTree tree, TarReader tar, ChunkPipeline pipeline) {
        FileContent read(long size) throws IOException {
            FileContent content = new FileContent(size);
            pipeline.begin(content);
            boolean owners = (path.equals(PASSWD) || path.equals(GROUP)) && size <= MAX_OWNER_FILE;
            byte[] whole = new byte[owners ? (int) size : 0];
            int at = 0;
            for (int i = skipHoles(content, 0); i < content.pieces(); i = skipHoles(content, i + 1)) {
                byte[] piece = new byte[content.pieceLength(i)];
                tar.read(piece, 0, piece.length);
                if (owners) {
                    System.arraycopy(piece, 0, whole, at, piece.length);
                    at += piece.length;
                }
                pipeline.submit(content, i, (buffer, offset) -> new Slice(piece, 0, piece.length));
            }
            if (path.equals(PASSWD)) {
                tree.names().readPasswd(whole);
            } else if (path.equals(GROUP)) {
                tree.names().readGroup(whole);
            }
            return content;
        }

        /** Pieces that are nothing but hole are all the same one. Returns the index of the first piece that is not. */
        private int skipHoles(FileContent content, int from) {
            long whole = Math.min(tar.hole(), content.size()) / ChunkCodec.PIECE_SIZE;
            if (whole == 0 || content.size() <= MAX_OWNER_FILE) {
                return from;
            }
            tree.requireRoomFor(from + whole);
            tar.skipHole(whole * ChunkCodec.PIECE_SIZE);
            pipeline.submitHole(content, from, (int) whole);
            return from + (int) whole;
        }
    }
}
