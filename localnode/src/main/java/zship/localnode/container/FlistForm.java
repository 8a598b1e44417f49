package zship.localnode.container;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * The forms in which a node takes an flist, told by the last extension of its address: {@code .flist .tgz .gz} compressed by
 * gzip, {@code .tar} not compressed. {@code .bz2 .tbz2} are known, and refused as a node refuses what bzip2 did not make.
 */
final class FlistForm {

    private static final int TAR_BLOCK = 512;
    private static final int MAGIC_AT = 257;

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
        switch (extension(root)) {
            case ".flist", ".tgz", ".gz" -> checkGzip(file);
            case ".tar" -> compress(file);
            case ".bz2", ".tbz2" -> throw new RootException("bzip2 data invalid: bad magic value");
            default -> throw new RootException("unknown flist format " + extension(root));
        }
    }

    /** Checks the name alone, which is all that can be said of a folder. */
    static String extension(String root) {
        String path = root.replaceFirst("[?#].*", "");
        String extension = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('.')));
        return extension.startsWith(".") ? extension.toLowerCase(Locale.ROOT) : "";
    }

    private static void checkGzip(Path file) throws RootException, IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (EOFException cut) {
            throw new RootException("unexpected EOF");
        } catch (ZipException other) {
            throw new RootException("gzip: invalid header");
        }
    }

    private static void compress(Path file) throws RootException, IOException {
        Path compressed = file.resolveSibling(file.getFileName() + ".gz");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(TAR_BLOCK);
            if (head.length < TAR_BLOCK) {
                throw new RootException("unexpected EOF");
            }
            if (head[MAGIC_AT] != 'u' || head[MAGIC_AT + 1] != 's') {
                throw new RootException("archive/tar: invalid tar header");
            }
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
                out.write(head);
                in.transferTo(out);
            }
        }
        Files.move(compressed, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
