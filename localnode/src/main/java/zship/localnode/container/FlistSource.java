package zship.localnode.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gets an flist file from where {@code root} says: {@code http(s)://}, {@code file://} or a path on the node. */
final class FlistSource {

    private static final System.Logger LOG = System.getLogger(FlistSource.class.getName());

    /** Largest flist file, bytes: metadata of millions of files. */
    static final long LARGEST = 256L << 20;

    private static final Map<Integer, String> REASONS = Map.of(400, "Bad Request", 401, "Unauthorized", 403,
            "Forbidden", 404, "Not Found", 410, "Gone", 500, "Internal Server Error", 502, "Bad Gateway", 503,
            "Service Unavailable", 504, "Gateway Timeout");

    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Duration TOTAL = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(10)).build();
    private final Duration silence;
    private final Duration total;

    FlistSource() {
        this(SILENCE, TOTAL);
    }

    /**
     * With other limits.
     *
     * @param silence how long a server may send nothing
     * @param total   how long a download may take
     */
    FlistSource(Duration silence, Duration total) {
        this.silence = silence;
        this.total = total;
    }

    /** Fills a buffer as far as there is something; negative at the end. */
    @FunctionalInterface
    private interface Reading {
        int read(byte[] buffer) throws IOException, RootException;
    }

    /** The body of an answer, for which the client library has no deadline (JDK 25: that of the request ends with the head). */
    private final class Download implements Reading {
        private final InputStream body;
        private final long begun = System.nanoTime();
        private final AtomicBoolean givenUp = new AtomicBoolean();

        Download(InputStream body) {
            this.body = body;
        }

        @Override
        public int read(byte[] buffer) throws IOException, RootException {
            if (System.nanoTime() - begun > total.toNanos()) {
                throw new RootException("failed to download flist: it takes longer than " + seconds(total));
            }
            CompletableFuture<Void> arrival = new CompletableFuture<>();
            arrival.orTimeout(silence.toNanos(), TimeUnit.NANOSECONDS).whenComplete((arrived, late) -> {
                if (late instanceof TimeoutException) {
                    giveUp();
                }
            });
            int count = -1;
            try {
                count = body.read(buffer);
            } catch (IOException broken) {
                if (!givenUp.get()) {
                    throw broken;
                }
            } finally {
                arrival.cancel(false);
            }
            if (givenUp.get()) {
                throw new RootException("failed to download flist: nothing came for " + seconds(silence));
            }
            return count;
        }

        /** Closing is what ends a read that another thread waits in. */
        private void giveUp() {
            givenUp.set(true);
            try {
                body.close();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "a download that came to nothing: {0}", gone.getMessage());
            }
        }
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }

    /**
     * Copies the file.
     *
     * @return               SHA-256 of it, in hexadecimal
     * @throws RootException in the node's words
     */
    String fetch(String root, Path target) throws RootException, InterruptedException {
        try {
            if (root.startsWith("http://") || root.startsWith("https://")) {
                return download(root, target);
            }
            String path = root.startsWith("file://") ? root.substring("file://".length()) : root;
            if (path.contains("://")) {
                throw new RootException("invalid flist url (" + root + ")");
            }
            if (Files.isDirectory(Path.of(path))) {
                throw new RootException("unknown flist format " + FlistForm.extension(path));
            }
            if (!Files.isRegularFile(Path.of(path))) {
                throw new RootException("stat " + path + ": no such file or directory");
            }
            try (InputStream in = Files.newInputStream(Path.of(path))) {
                return copy(target, in::read);
            }
        } catch (IOException broken) {
            throw new RootException(String.valueOf(broken.getMessage()));
        } catch (InvalidPathException malformed) {
            throw new RootException("invalid flist url (" + root + ")");
        }
    }

    private String download(String url, Path target) throws RootException, IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(url)).timeout(silence).build();
        } catch (IllegalArgumentException malformed) {
            throw new RootException("parse \"" + url + "\": " + malformed.getMessage());
        }
        HttpResponse<InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (ConnectException refused) {
            throw new RootException("Get \"" + url + "\": dial tcp " + request.uri().getAuthority()
                    + ": connect: connection refused");
        }
        try (InputStream in = response.body()) {
            int status = response.statusCode();
            if (status != 200) {
                throw new RootException("failed to download flist: " + status + " "
                        + REASONS.getOrDefault(status, "status " + status));
            }
            return copy(target, new Download(in)::read);
        }
    }

    private static String copy(Path target, Reading in) throws IOException, RootException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 << 10];
        long total = 0;
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                total += count;
                if (total > LARGEST) {
                    throw new RootException("flist is larger than " + LARGEST + " bytes");
                }
                out.write(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
