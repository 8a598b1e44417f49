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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
    private static final MediaType JSON = MediaType.get("application/json");
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
     * The names of all repositories, in the hub's order.
     *
     * @throws HubException when the hub cannot be reached or answers something else
     */
    public List<String> repositories() {
        List<String> names = new ArrayList<>();
        ask("list the repositories of " + hub, "/api/repositories")
                .forEach(repository -> names.add(repository.path("name").asString("")));
        return names;
    }

    /**
     * Everything in a repository: flists, links and tags, in the hub's order.
     *
     * @throws HubException of kind NOT_FOUND when there is no such repository
     */
    public List<HubEntry> list(String repository) {
        String user = checkedRepository(repository);
        List<HubEntry> entries = new ArrayList<>();
        ask("list " + user + " on " + hub, "/api/flist/" + user).forEach(entry -> entries.add(HubEntry.of(entry)));
        return entries;
    }

    /**
     * What the hub knows of one name without looking into the flist.
     *
     * @throws HubException of kind NOT_FOUND when there is none
     */
    public HubEntry info(String repository, String name) {
        return HubEntry.of(ask("look at " + repository + "/" + name + " on " + hub,
                flistPath(repository, name) + "/light"));
    }

    /**
     * What is in an flist, as the hub reads it.
     *
     * @throws HubException when there is none, or the hub counts entries that it could not read
     */
    public HubTree tree(String repository, String name) {
        String what = "read " + repository + "/" + name + " on " + hub;
        JsonNode json = ask(what, flistPath(repository, name));
        if (json.path("failure").asInt(0) != 0 || !json.path("regular").isIntegralNumber()) {
            throw new HubException(Kind.REFUSED, what, "the hub could not read the whole flist", "publish it again");
        }
        return new HubTree(json.path("regular").asLong(0), json.path("symlink").asLong(0),
                json.path("directory").asLong(0), json.path("special").asLong(0), json.path("fullsize").asLong(0));
    }

    /**
     * The metadata of an flist by key; values that are objects are JSON text.
     *
     * @throws HubException when there is none
     */
    public SortedMap<String, String> metadata(String repository, String name) {
        JsonNode json = ask("read the metadata of " + repository + "/" + name + " on " + hub,
                flistPath(repository, name) + "/metadata");
        SortedMap<String, String> values = new TreeMap<>();
        json.properties().forEach(value -> values.put(value.getKey(),
                value.getValue().isString() ? value.getValue().asString() : value.getValue().toString()));
        return values;
    }

    /**
     * Removes a flist or a link of this client's own repository.
     *
     * @throws HubException of kind NOT_FOUND when there is none
     */
    public void delete(String name) {
        String path = "/api/flist/me/" + checkedName(name);
        done("remove " + name + " from " + hub, request(path).delete().build());
    }

    /**
     * Renames a flist or a link. The hub replaces what has the new name without a word, so this is refused when something has.
     *
     * @throws HubException of kind REFUSED when the new name is taken
     */
    public void rename(String name, String newName) {
        String what = "rename " + checkedName(name) + " to " + checkedName(newName) + " on " + hub;
        requireFree(what, newName);
        change(what, name + "/rename/" + newName);
    }

    /**
     * Makes or moves a link to a flist of another repository.
     *
     * @throws HubException when there is no such flist, or a file has the link's name
     */
    public void crosslink(String link, String repository, String name) {
        change("point %s to %s/%s on %s".formatted(checkedName(link), repository, name, hub),
                link + "/crosslink/" + checkedRepository(repository) + "/" + checkedName(name));
    }

    /**
     * Copies a flist of another repository. What has the new name is never replaced.
     *
     * @throws HubException when there is no such flist, or the new name is taken
     */
    public void promote(String repository, String name, String newName) {
        String what = "copy %s/%s to %s on %s".formatted(repository, name, checkedName(newName), hub);
        String path = "promote/" + checkedRepository(repository) + "/" + checkedName(name) + "/" + newName;
        requireFree(what, newName);
        change(what, path);
    }

    /**
     * Adds a link with the name {@code link} to a tag, which is made when it is not there.
     *
     * @throws HubException when there is no such flist
     */
    public void tag(String tag, String link, String repository, String name) {
        change("tag %s/%s as %s/%s on %s".formatted(repository, name, tag, link, hub),
                tagPath(tag, link, repository, name));
    }

    /**
     * Takes a link out of a tag. The flist it points to must still be there: that is the hub's rule.
     *
     * @throws HubException of kind NOT_FOUND when the tag has no such link
     */
    public void untag(String tag, String link, String repository, String name) {
        done("remove %s from the tag %s on %s".formatted(link, tag, hub),
                request("/api/flist/me/" + tagPath(tag, link, repository, name)).delete().build());
    }

    /**
     * Makes or moves a link to a whole tag.
     *
     * @throws HubException of kind NOT_FOUND when there is no such tag
     */
    public void crosstag(String link, String repository, String tag) {
        change("point %s to the tag %s/%s on %s".formatted(link, repository, tag, hub),
                checkedRepository(link) + "/crosstag/" + checkedRepository(repository) + "/" + checkedRepository(tag));
    }

    /**
     * Merges flists into one; on conflicts the first counts. What has the target's name is never replaced.
     *
     * @param sources each {@code repository/name.flist}
     * @throws HubException when a source is not there, or the target is
     */
    public void merge(String target, List<String> sources) {
        String what = "merge " + String.join(", ", sources) + " into " + checkedName(target) + " on " + hub;
        for (String source : sources) {
            int slash = source.indexOf('/');
            if (slash < 0) {
                throw new HubException(Kind.USAGE, what, "'" + source + "' names no repository",
                        "write it as repository/name.flist");
            }
            checkedRepository(source.substring(0, slash));
            checkedName(source.substring(slash + 1));
        }
        requireFree(what, target);
        RequestBody body = RequestBody.create(HubAnswer.array(sources), JSON);
        done(what, request("/api/flist/me/merge/" + target).post(body).build());
    }

    private JsonNode ask(String what, String path) {
        return HubAnswer.value(what, call(what, new Request.Builder().url(hub + path).build()));
    }

    private void change(String what, String path) {
        done(what, request("/api/flist/me/" + path).build());
    }

    /** Never tried twice: these requests change something even where they are GETs. */
    private void done(String what, Request request) {
        HubAnswer.json(what, call(what, request));
    }

    private void requireFree(String what, String name) {
        String user = user();
        HubAnswer answer = call(what, new Request.Builder().url(hub + flistPath(user, name) + "/light").build());
        if (answer.code() == 200) {
            throw new HubException(Kind.REFUSED, what, user + " already has " + name,
                    "remove it first, or choose another name");
        }
        if (answer.code() != 404) {
            throw HubAnswer.refusal(what, answer.code(), answer.body());
        }
    }

    private static String flistPath(String repository, String name) {
        return "/api/flist/" + checkedRepository(repository) + "/" + checkedName(name);
    }

    private static String tagPath(String tag, String link, String repository, String name) {
        return checkedRepository(tag) + "/" + checkedName(link) + "/tag/" + checkedRepository(repository) + "/"
                + checkedName(name);
    }

    private static String checkedRepository(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}") || name.equals("me")) {
            throw new HubException(Kind.USAGE, "use the repository or tag name '" + name + "'",
                    "names have letters, digits, '.', '_' and '-', and start with no dot",
                    "zship hub ls shows the repositories");
        }
        return name;
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
