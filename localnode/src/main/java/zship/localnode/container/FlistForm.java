package zship.localnode.container;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

import zship.flist.format.FlistPackage;
import zship.flist.tar.GzipMembers;

/**
 * The forms in which a node takes an flist, told by the last extension of its address: {@code .flist .tgz .gz} compressed by
 * gzip, {@code .bz2 .tbz2} by bzip2, {@code .tar} not compressed. What a few bytes can be made of has a bound.
 */
final class FlistForm {

    private static final int TAR_BLOCK = 512;
    private static final int MAGIC_AT = 257;
    private static final int BUFFER = 1 << 16;

    private FlistForm() {
    }

    /**
     * Checks a file and turns it into the form {@code .flist}.
     *
     * @param  root          where it came from
     * @param  file          the file, which is replaced when its form is another one
     * @throws RootException in the node's words
     */
    static void normalise(String root, Path file) throws RootException, IOException {
        normalise(root, file, FlistPackage.LARGEST);
    }

    /** The same with another bound for what the file holds when it is no longer compressed. */
    static void normalise(String root, Path file, long limit) throws RootException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            switch (extension(root)) {
                case ".flist", ".tgz", ".gz" -> checkGzip(in, limit);
                case ".tar" -> compress(in, file, limit);
                case ".bz2", ".tbz2" -> recompress(in, file, limit);
                default -> throw new RootException("unknown flist format " + extension(root));
            }
        }
    }

    /** Checks the name alone, which is all that can be said of a folder. */
    static String extension(String root) {
        String path = root.replaceFirst("[?#].*", "");
        String extension = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('.')));
        return extension.startsWith(".") ? extension.toLowerCase(Locale.ROOT) : "";
    }

    private static void checkGzip(InputStream file, long limit) throws RootException, IOException {
        try (GzipMembers in = new GzipMembers(file)) {
            copy(in, OutputStream.nullOutputStream(), limit);
            if (in.hasTrailingBytes()) {
                throw new RootException("unexpected EOF");
            }
        } catch (EOFException cut) {
            throw new RootException("unexpected EOF");
        } catch (ZipException other) {
            throw new RootException("gzip: invalid header");
        }
    }

    private static void recompress(InputStream packed, Path file, long limit) throws RootException, IOException {
        byte[] magic = packed.readNBytes(4);
        if (magic.length < 4) {
            throw new RootException("unexpected EOF");
        }
        if (magic[0] != 'B' || magic[1] != 'Z' || magic[2] != 'h') {
            throw new RootException("bzip2 data invalid: bad magic value");
        }
        try (InputStream whole = Files.newInputStream(file);
                InputStream in = new BZip2CompressorInputStream(new BufferedInputStream(whole, BUFFER), true)) {
            compress(in, file, limit);
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException damaged) {
            String why = String.valueOf(damaged.getMessage());
            throw new RootException(
                    why.toLowerCase(Locale.ROOT).contains("end of") ? "unexpected EOF" : "bzip2 data invalid: " + why);
        }
    }

    private static void compress(InputStream in, Path file, long limit) throws RootException, IOException {
        byte[] head = in.readNBytes(TAR_BLOCK);
        if (head.length < TAR_BLOCK) {
            throw new RootException("unexpected EOF");
        }
        if (head[MAGIC_AT] != 'u' || head[MAGIC_AT + 1] != 's') {
            throw new RootException("archive/tar: invalid tar header");
        }
        Path compressed = file.resolveSibling(file.getFileName() + ".gz");
        try {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed), BUFFER)) {
                out.write(head);
                copy(in, out, limit);
            }
            Files.move(compressed, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(compressed);
        }
    }

    private static void copy(InputStream in, OutputStream out, long limit) throws RootException, IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            total += count;
            if (total > limit) {
                throw new RootException("flist holds more than " + limit + " bytes");
            }
            out.write(buffer, 0, count);
        }
    }
}
