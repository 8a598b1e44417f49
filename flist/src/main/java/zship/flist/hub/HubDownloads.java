package zship.flist.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

import okhttp3.Request;
import okhttp3.Response;

import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;

/** Fetches flists. What was cut off goes on where it stopped, also in a later run, and counts only when its digest is right. */
final class HubDownloads {
    private static final int ATTEMPTS = 5;
    private static final int BUFFER = 64 << 10;
    private static final Pattern STRONG = Pattern.compile("\"[!-~]*\"");
    private static final Pattern SHA256 = Pattern.compile("\"[0-9a-f]{64}\"");

    private final HubConnection connection;

    /** The bytes of something, read once. */
    @FunctionalInterface
    interface Source {
        InputStream open() throws IOException;
    }

    HubDownloads(HubConnection connection) {
        this.connection = connection;
    }

    /** The SHA-256 of what is served at {@code url}. */
    String served(URI url) {
        String what = "download " + url;
        try (Response response = connection.open(what, new Request.Builder().url(url.toString()).build())) {
            if (response.code() != 200) {
                throw HubRefusals.of(what, HubAnswer.read(what, response));
            }
            return digest(what, "SHA-256", () -> response.body().byteStream());
        }
    }

    /** Fetches {@code url} into the file {@code named}, which is replaced in one step. */
    void fetch(URI url, Path named, HubProgress progress) {
        String what = "download " + url;
        try {
            Path target = Destination.of(named).file();
            Path part = target.resolveSibling(target.getFileName() + ".part");
            Path tag = target.resolveSibling(target.getFileName() + ".part.etag");
            for (int attempt = 1; !continued(what, url, new Parts(part, tag), progress); attempt++) {
                if (attempt == ATTEMPTS) {
                    throw new HubException(Kind.UNREACHABLE, what, "the connection broke " + ATTEMPTS + " times",
                            "run the command again: it goes on where it stopped");
                }
            }
            requireDigest(what, url, new Parts(part, tag));
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(tag);
        } catch (IOException e) {
            throw new HubException(Kind.USAGE, "write " + named, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the folder is there and can be written"), e);
        }
    }

    private record Parts(Path part, Path tag) {
        long size() throws IOException {
            boolean continues = Files.exists(part) && Files.exists(tag)
                    && STRONG.matcher(Files.readString(tag)).matches();
            return continues ? Files.size(part) : 0;
        }
    }

    /** One attempt; false when the connection broke. */
    private boolean continued(String what, URI url, Parts parts, HubProgress progress) throws IOException {
        long have = parts.size();
        Request.Builder request = new Request.Builder().url(url.toString()).header("Accept-Encoding", "identity");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-").header("If-Range", Files.readString(parts.tag()));
        }
        try (Response response = connection.open(what, request.build())) {
            boolean goesOn = response.code() == 206
                    && String.valueOf(response.header("Content-Range")).startsWith("bytes " + have + "-");
            if (response.code() == 416) {
                return true;
            }
            if (response.code() != 200 && !goesOn) {
                throw HubRefusals.of(what, HubAnswer.read(what, response));
            }
            if (!goesOn) {
                Files.writeString(parts.tag(), Optional.ofNullable(response.header("ETag")).orElse(""));
            }
            return copied(response, parts.part(), goesOn ? have : 0, progress);
        }
    }

    private static boolean copied(Response response, Path part, long from, HubProgress progress) throws IOException {
        long total = response.body().contentLength() < 0 ? 0 : from + response.body().contentLength();
        long have = from;
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, from > 0
                ? StandardOpenOption.APPEND
                : StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            InputStream in = response.body().byteStream();
            while (true) {
                int count;
                try {
                    count = in.read(buffer);
                } catch (IOException broken) {
                    return false;
                }
                if (count < 0) {
                    return true;
                }
                out.write(buffer, 0, count);
                have += count;
                progress.moved(have, total);
            }
        }
    }

    /** Compares with the hub's MD5, and with the SHA-256 that some hubs use as entity tag. */
    private void requireDigest(String what, URI url, Parts parts) throws IOException {
        Path part = parts.part();
        String path = url.toString().substring(connection.hub().toString().length()) + ".md5";
        HubAnswer answer = connection.get(what, path);
        if (answer.code() != 200) {
            throw HubRefusals.of(what, answer);
        }
        String md5 = digest(what, "MD5", () -> Files.newInputStream(part));
        if (!answer.body().strip().equals(md5)) {
            Files.deleteIfExists(part);
            throw new HubException(Kind.REFUSED, what,
                    "its MD5 is " + md5 + ", and the hub says " + answer.body().strip(),
                    "run the command again: it may have been replaced meanwhile");
        }
        String tag = Files.readString(parts.tag());
        String sha256 = digest(what, "SHA-256", () -> Files.newInputStream(part));
        if (SHA256.matcher(tag).matches() && !tag.equals('"' + sha256 + '"')) {
            Files.deleteIfExists(part);
            throw new HubException(Kind.REFUSED, what, "its SHA-256 is " + sha256 + ", and the hub says " + tag,
                    "run the command again");
        }
    }

    static String digest(String what, String algorithm, Source source) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            try (InputStream in = new DigestInputStream(source.open(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchFileException e) {
            throw new HubException(Kind.USAGE, what, "there is no such file", "zship pack makes one", e);
        } catch (IOException e) {
            throw new HubException(Kind.UNREACHABLE, what, DiskFaults.reason(e), "try again", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
