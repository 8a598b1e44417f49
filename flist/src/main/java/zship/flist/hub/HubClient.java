package zship.flist.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

import okhttp3.CookieJar;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import tools.jackson.databind.JsonNode;

import zship.flist.Secret;
import zship.flist.disk.DiskFaults;
import zship.flist.hub.HubException.Kind;

/**
 * Talks to one hub as one user. The requests are those of zflist's {@code hub} commands: multipart upload with the field
 * {@code file}, and state changes by GET, as the hub of 2022 has them.
 *
 * <p>The hub's "success" alone proves little: it may come although its tool failed. An upload counts when the answer's inner
 * envelope says success too and the served bytes are the sent ones.
 */
public final class HubClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(120);
    private static final MediaType BINARY = MediaType.get("application/octet-stream");
    private static final String ENDING = ".flist";

    private final HubUrl hub;
    private final Optional<Secret> token;
    private final OkHttpClient http;

    /** A client of {@code hub}; without a token only a hub that asks for none accepts uploads. */
    public HubClient(HubUrl hub, Optional<Secret> token) {
        this.hub = hub;
        this.token = token;
        this.http = new OkHttpClient.Builder().connectTimeout(CONNECT_TIMEOUT).readTimeout(ANSWER_TIMEOUT)
                .writeTimeout(ANSWER_TIMEOUT).cookieJar(CookieJar.NO_COOKIES).retryOnConnectionFailure(false)
                .followRedirects(false).build();
    }

    /**
     * The user that the hub takes this client for.
     *
     * @throws HubException when the hub cannot be reached or does not accept the token
     */
    public String user() {
        String what = "log in to " + hub;
        JsonNode answer = HubAnswer.json(what, call(what, request("/api/flist/me").build()));
        String name = answer.path("payload").path("username").asString("");
        if (name.isEmpty()) {
            throw new HubException(Kind.REFUSED, what, "the answer names no user", "check that this is a flist hub");
        }
        return name;
    }

    /**
     * Uploads an flist whose chunks the hub's store has, reads it back and compares, then moves the link.
     *
     * @param flist the file
     * @param versionedName under which it stays, for example {@code icecast-2.4.4.flist}
     * @param linkName the link that is moved to it, for example {@code icecast.flist}
     * @throws HubException when the hub cannot be reached, refuses, or serves something else afterwards
     */
    public PublishedFlist publish(Path flist, String versionedName, String linkName) {
        String version = checkedName(versionedName);
        String link = checkedName(linkName);
        String user = user();
        String sent = digest("read " + flist, () -> Files.newInputStream(flist));
        upload(flist, version);
        URI url = hub.flist(user, version);
        requireEqual("publish " + url, sent, served(url));
        move(version, link);
        URI linkUrl = hub.flist(user, link);
        requireEqual("publish " + linkUrl, sent, served(linkUrl));
        return new PublishedFlist(url, linkUrl, sent);
    }

    /**
     * Uploads an flist, replacing one of the same name.
     *
     * @throws HubException when the hub refuses, for example because its store lacks chunks
     */
    public void upload(Path flist, String name) {
        String what = "upload " + checkedName(name) + " to " + hub;
        RequestBody body = new MultipartBody.Builder().setType(MultipartBody.FORM)
                .addFormDataPart("file", name, RequestBody.create(flist.toFile(), BINARY)).build();
        JsonNode answer = HubAnswer.json(what, call(what, request("/api/flist/me/upload-flist").post(body).build()));
        HubAnswer.requireComplete(what, answer);
    }

    /**
     * Points the link {@code link} to the flist {@code name}, wherever it pointed before.
     *
     * @throws HubException when the hub refuses, for example because a file has that name
     */
    public void move(String name, String link) {
        String what = "point " + checkedName(link) + " to " + checkedName(name) + " on " + hub;
        HubAnswer.json(what, call(what, request("/api/flist/me/" + name + "/link/" + link).build()));
    }

    /**
     * The SHA-256 of what the hub serves at {@code url}.
     *
     * @throws HubException when there is nothing
     */
    public String served(URI url) {
        String what = "download " + url;
        try (Response response = execute(what, new Request.Builder().url(url.toString()).build())) {
            if (response.code() != 200) {
                throw HubAnswer.refusal(what, response.code(), HubAnswer.text(what, response));
            }
            return digest(what, () -> response.body().byteStream());
        }
    }

    private HubAnswer call(String what, Request request) {
        try (Response response = execute(what, request)) {
            return new HubAnswer(response.code(), HubAnswer.text(what, response));
        }
    }

    private Response execute(String what, Request request) {
        try {
            return http.newCall(request).execute();
        } catch (IOException e) {
            throw new HubException(Kind.UNREACHABLE, what, DiskFaults.reason(e),
                    "check that a hub answers at " + hub + ", or name another one", e);
        }
    }

    private Request.Builder request(String path) {
        Request.Builder request = new Request.Builder().url(hub + path).header("User-Agent", "zship");
        token.ifPresent(secret -> request.header("Authorization", "bearer " + secret.expose()));
        return request;
    }

    /** Names are put into addresses as they are, and the hub drops other characters silently. */
    private static String checkedName(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,249}") || !name.endsWith(ENDING)) {
            throw new HubException(Kind.USAGE, "use the flist name '" + name + "'",
                    "names have letters, digits, '.', '_' and '-', start with no dot and end in " + ENDING,
                    "choose a name like icecast-2.4.4.flist");
        }
        return name;
    }

    private static void requireEqual(String what, String sent, String served) {
        if (!sent.equals(served)) {
            throw new HubException(Kind.REFUSED, what,
                    "the hub serves other bytes (SHA-256 " + served + ") than were sent (" + sent + ")",
                    "publish again, and check who else writes under this name");
        }
    }

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    private static String digest(String what, Source source) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(source.open(), sha256)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new HubException(Kind.UNREACHABLE, what, DiskFaults.reason(e), "try again", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
