package zship.deployer.rollout;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

import zship.deployer.PrivateFile;
import zship.deployer.node.NodeAddress;
import zship.flist.Flist;
import zship.flist.disk.ScratchFile;
import zship.flist.store.StoreAddress;
import zship.flist.store.StoreUrl;

/** Looks whether a node will be able to read an flist: it hangs for ever on some faults and says little about others. */
final class FlistPreflight {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;
    private static final long MAX_BYTES = 512L * 1024 * 1024;

    private final NodeAddress node;

    FlistPreflight(NodeAddress node) {
        this.node = node;
    }

    List<String> check(App app) {
        String flist = app.spec().root().flist();
        Optional<String> storage = app.spec().root().storage();
        storage.ifPresent(url -> reachable("storage", url));
        if (!flist.startsWith("http")) {
            return List.of();
        }
        reachable("flist", flist);
        try (ScratchFile file = ScratchFile.create()) {
            String sha256 = download(flist, file);
            if (!app.flistSha256().isEmpty() && !app.flistSha256().equals(sha256)) {
                throw RolloutException.refused("read the flist " + flist,
                        "its SHA-256 is " + sha256 + ", expected " + app.flistSha256(),
                        "publish it again: `zship publish FILE`");
            }
            if (storage.isPresent()) {
                new ChunkPreflight(storage.get()).check(flist, Flist.read(file.input(), flist));
            }
        } catch (IOException e) {
            throw RolloutException.failed("make a temporary file", PrivateFile.reason(e),
                    "make the folder for temporary files writable");
        }
        return storage.map(url -> List.of("flist " + flist, "chunks in " + StoreUrl.of(url)))
                .orElse(List.of("flist " + flist));
    }

    /** A node far away takes 127.0.0.1 for itself. */
    private void reachable(String what, String url) {
        String host = URI.create(url).getHost();
        if (!node.isLoopback() && host != null && (host.startsWith("127.") || host.equals("localhost"))) {
            throw RolloutException.usage("deploy with " + what + " " + StoreAddress.of(url),
                    "node " + node + " cannot reach it: that address is this machine's own",
                    "offer it on an address the node can reach: `zship node start --listen ADDRESS`");
        }
    }

    private static String download(String url, ScratchFile file) {
        OkHttpClient client = new OkHttpClient.Builder().callTimeout(TIMEOUT.multipliedBy(6)).connectTimeout(TIMEOUT)
                .readTimeout(TIMEOUT).addNetworkInterceptor(FlistPreflight::sentOnce).build();
        try (Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
            if (response.code() != 200) {
                throw RolloutException.prerequisite("read the flist " + url, "the server answers " + response.code(),
                        "publish it first: `zship publish FILE`");
            }
            return digest(url, response.body().byteStream(), file);
        } catch (IOException e) {
            throw RolloutException.prerequisite("read the flist " + url, PrivateFile.reason(e),
                    "check that the hub is up; `zship node start` starts the local one");
        } finally {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }

    /** OkHttp repeats any request that is answered with 503 and "Retry-After: 0"; the user hears of it instead. */
    private static Response sentOnce(Interceptor.Chain chain) throws IOException {
        return chain.proceed(chain.request()).newBuilder().removeHeader("Retry-After").build();
    }

    private static String digest(String url, InputStream in, ScratchFile file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        int count = in.readNBytes(buffer, 0, buffer.length);
        if (count < 2 || (buffer[0] & 0xff) != GZIP_FIRST || (buffer[1] & 0xff) != GZIP_SECOND) {
            throw RolloutException.refused("read the flist " + url, "it is not an flist: it is not gzip",
                    "check the URL");
        }
        for (long total = count; count > 0; total += count) {
            if (total > MAX_BYTES) {
                throw RolloutException.refused("read the flist " + url, "it is larger than " + MAX_BYTES + " bytes",
                        "check the URL");
            }
            digest.update(buffer, 0, count);
            file.append(ByteBuffer.wrap(buffer, 0, count));
            count = in.readNBytes(buffer, 0, buffer.length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
