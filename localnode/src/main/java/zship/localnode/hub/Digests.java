package zship.localnode.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Digests of flists. A published file is only ever replaced, so one is read once as long as it stays the same file. */
final class Digests {

    private static final int REMEMBERED = 4096;

    /**
     * Digests of one file, in hexadecimal.
     *
     * @param md5    the hub's transport check
     * @param sha256 what tells contents apart
     */
    record Pair(String md5, String sha256) {
    }

    /** An open file with what belongs to exactly its bytes; to be closed. */
    record Snapshot(FileChannel channel, long size, Instant modified, Pair digests) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record Version(String file, Instant modified, long size) {
        static Version of(Path path) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime().toInstant(),
                    attributes.size());
        }
    }

    private final Map<Version, Pair> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, Pair> eldest) {
            return size() > REMEMBERED;
        }
    };

    Pair of(Path file) throws IOException {
        try (Snapshot snapshot = open(file)) {
            return snapshot.digests();
        }
    }

    /** Opens a file; when it is replaced meanwhile, the new one. */
    Snapshot open(Path file) throws IOException {
        while (true) {
            Version version = Version.of(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            boolean same = false;
            try {
                same = version.equals(Version.of(file));
                if (same) {
                    return new Snapshot(channel, version.size(), version.modified(), digests(version, channel));
                }
            } finally {
                if (!same) {
                    channel.close();
                }
            }
        }
    }

    private Pair digests(Version version, FileChannel channel) throws IOException {
        synchronized (known) {
            Pair pair = known.get(version);
            if (pair != null) {
                return pair;
            }
        }
        Pair pair = read(channel);
        synchronized (known) {
            known.put(version, pair);
        }
        return pair;
    }

    private static Pair read(FileChannel channel) throws IOException {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            InputStream in = Channels.newInputStream(channel);
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                md5.update(buffer, 0, count);
                sha256.update(buffer, 0, count);
            }
            channel.position(0);
            return new Pair(HexFormat.of().formatHex(md5.digest()), HexFormat.of().formatHex(sha256.digest()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5 and SHA-256", impossible);
        }
    }
}
