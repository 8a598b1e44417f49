package zship.flist.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import okhttp3.FormBody;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import tools.jackson.databind.JsonNode;

import zship.flist.Secret;
import zship.flist.chunk.ChunkId;
import zship.flist.hub.HubException.Kind;

/**
 * Talks to one hub as one user. The requests are those of zflist's {@code hub} commands: multipart upload with the field
 * {@code file}, and state changes by GET, as the hub of 2022 has them.
 *
 * <p>The hub's "success" alone proves little: it may come although its tool failed. An upload counts when the answer's inner
 * envelope says success too and the served bytes are the sent ones.
 */
public final class HubClient {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final String ARCHIVE = ".tar.gz";

    private final HubUrl hub;
    private final HubConnection connection;
    private final HubUploads uploads;
    private final HubDownloads downloads;

    /** A client of {@code hub}; without a token only a hub that asks for none accepts uploads. */
    public HubClient(HubUrl hub, Optional<Secret> token) {
        this(hub, new HubLogin(token, Optional.empty()));
    }

    /** A client of {@code hub} for somebody. */
    public HubClient(HubUrl hub, HubLogin login) {
        this(hub, login, Optional.empty());
    }

    /**
     * A client of {@code hub} for somebody.
     *
     * @param patience how long to wait for a connection and for each answer, but that to a conversion; 10 and 120 s without it
     */
    public HubClient(HubUrl hub, HubLogin login, Optional<Duration> patience) {
        this.hub = hub;
        this.connection = new HubConnection(hub, login, patience);
        this.uploads = new HubUploads(connection);
        this.downloads = new HubDownloads(connection);
    }

    /** The hub's address. */
    public HubUrl hub() {
        return hub;
    }

    /**
     * The user that the hub takes this client for.
     *
     * @throws HubException when the hub cannot be reached or does not accept the token
     */
    public String user() {
        return connection.user("log in to " + hub);
    }

    /**
     * Publishes an flist whose chunks the hub's store has, as {@link HubPublisher} does.
     *
     * @throws HubException when the hub cannot be reached, refuses, or serves something else afterwards
     */
    public PublishedFlist publish(Path flist, String versionedName, String linkName) {
        return new HubPublisher(this, ChunkSupply.none(), HubProgress.none()).publish(flist, versionedName, linkName);
    }

    /**
     * Uploads an flist, replacing one of the same name.
     *
     * @throws HubException when the hub refuses, for example because its store lacks chunks
     */
    public void upload(Path flist, String name, HubProgress progress) {
        uploads.flist("upload " + HubNames.flist(name) + " to " + hub, flist, name, progress);
    }

    /**
     * Uploads a tar.gz, which the hub makes an flist {@code name} of, and reads back what became of it.
     *
     * @param metadata of the flist, as far as the hub takes it
     * @throws HubException when the archive cannot be read to its end, or the hub refuses, or lists something else than is in it
     */
    public HubTree uploadArchive(Path archive, String name, Map<String, String> metadata, HubProgress progress) {
        String what = "upload " + archive + " as " + HubNames.flist(name) + " to " + hub;
        String sent = name.substring(0, name.length() - ".flist".length()) + ARCHIVE;
        HubTree own = ArchiveTree.read(archive);
        String user = user();
        HubTree reported = HubTree.of(uploads.archive(what, archive, sent, metadata, progress));
        HubTree listed = tree(user, name);
        if (!listed.agrees(reported) || !listed.agrees(own)) {
            throw new HubException(Kind.REFUSED, what,
                    "the hub lists %s, it reported %s, and the archive has %s".formatted(listed, reported, own),
                    "upload it again, and check who else writes under this name");
        }
        return listed;
    }

    /**
     * Downloads an flist. An interrupted download goes on where it stopped, in a later call too.
     *
     * @param target the file, which is replaced in one step when all is there and has the hub's digest
     * @throws HubException when there is none, or its digest is another
     */
    public void download(String repository, String name, Path target, HubProgress progress) {
        downloads.fetch(hub.flist(HubNames.repository(repository), HubNames.flist(name)), target, progress);
    }

    /**
     * Downloads an flist by its name in a tag, or in a link to a tag: the hub itself resolves neither.
     *
     * @param tag the tag, or the link to one
     * @throws HubException when there is none, or its digest is another
     */
    public void downloadTagged(String repository, String tag, String name, Path target, HubProgress progress) {
        String what = "download %s/%s/%s from %s".formatted(repository, tag, HubNames.flist(name), hub);
        String[] place = list(repository).stream().anyMatch(it -> it.name().equals(tag) && it.type().equals("taglink"))
                ? tagLink(repository, tag).split("/tags/", 2)
                : new String[]{repository, tag};
        if (place.length != 2) {
            throw new HubException(Kind.REFUSED, what, "the hub says no tag for the link",
                    "zship hub ls " + repository);
        }
        String[] file = tagged(place[0], place[1]).stream().filter(it -> it.name().equals(name)).findFirst()
                .flatMap(HubEntry::target).orElseThrow(() -> new HubException(Kind.NOT_FOUND, what,
                        "the tag has no such flist", "zship hub ls " + place[0] + "/tags/" + place[1]))
                .split("/", 2);
        if (file.length != 2) {
            throw new HubException(Kind.REFUSED, what, "the hub says no flist for the link",
                    "zship hub ls " + repository);
        }
        download(file[0], file[1], target, progress);
    }

    /**
     * Lets the hub make an flist of an image of a registry that it can reach.
     *
     * @return what is in the flist, whose name is {@link #imageName}
     * @throws HubException when the hub cannot, or nothing is there afterwards
     */
    public HubTree convertImage(String image) {
        String what = "convert the image " + image + " on " + hub;
        String name = imageName(image);
        String user = user();
        connection.sendLong(what, connection.mine("/api/flist/me/docker")
                .post(new FormBody.Builder().add("image", image).build()).build());
        return tree(user, name);
    }

    /** The name of the flist that a hub makes of an image: {@code :} and {@code /} become {@code -}. */
    public static String imageName(String image) {
        return HubNames.flist(image.replace(':', '-').replace('/', '-') + ".flist");
    }

    /**
     * Removes chunks that no flist of an embedded hub names, or only tells which; public hubs do not offer that.
     *
     * @param age how long nobody must have written or asked for a chunk
     * @param kept chunks that stay in any case
     * @throws HubException when the hub is none of this machine's user, or cannot
     */
    public CollectedChunks collectChunks(boolean dryRun, Duration age, Collection<ChunkId> kept) {
        String ids = kept.stream().map(id -> id + "\n").collect(Collectors.joining());
        String path = "/api/chunks/collect?older-than=" + age.toSeconds() + (dryRun ? "&dry-run=1" : "");
        JsonNode answer = connection.sendLong("collect chunks on " + hub,
                connection.mine(path).post(RequestBody.create(ids, MediaType.get("text/plain"))).build());
        return CollectedChunks.of(answer.path("payload"));
    }

    /**
     * Where a link to a tag leads, for example {@code alice.3bot/tags/v1}.
     *
     * @throws HubException of kind NOT_FOUND when it is none
     */
    public String tagLink(String repository, String link) {
        return connection.ask("look at the link %s/%s on %s".formatted(repository, link, hub),
                "/api/flist/%s/%s/taglink".formatted(HubNames.repository(repository), HubNames.repository(link)))
                .path("target").asString("");
    }

    /**
     * What is in a tag.
     *
     * @throws HubException of kind NOT_FOUND when there is none
     */
    public List<HubEntry> tagged(String repository, String tag) {
        List<HubEntry> entries = new ArrayList<>();
        connection.ask("list the tag %s/%s on %s".formatted(repository, tag, hub),
                "/api/flist/%s/tags/%s".formatted(HubNames.repository(repository), HubNames.repository(tag)))
                .forEach(entry -> entries.add(HubEntry.of(entry)));
        return entries;
    }

    /**
     * Points the link {@code link} to the flist {@code name}, wherever it pointed before.
     *
     * <p>When the answer is lost the request is not repeated: where the link points then tells what became of it.
     *
     * @throws HubException when the hub refuses, for example because a file has that name
     */
    public void move(String name, String link) {
        String what = "point " + HubNames.flist(link) + " to " + HubNames.flist(name) + " on " + hub;
        try {
            connection.change(what, name + "/link/" + link);
        } catch (HubException lost) {
            if (lost.kind() != Kind.UNREACHABLE || !info(user(), link).target().equals(Optional.of(name))) {
                throw lost;
            }
        }
    }

    /**
     * The names of all repositories, in the hub's order.
     *
     * @throws HubException when the hub cannot be reached or answers something else
     */
    public List<String> repositories() {
        List<String> names = new ArrayList<>();
        connection.ask("list the repositories of " + hub, "/api/repositories")
                .forEach(repository -> names.add(repository.path("name").asString("")));
        return names;
    }

    /**
     * Everything on the hub, as {@code repository/name}, in the hub's order; links and links to tags too.
     *
     * @throws HubException when the hub cannot be reached or answers something else
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        connection.ask("list everything on " + hub, "/api/flist").forEach(name -> names.add(name.asString("")));
        return names;
    }

    /**
     * The entries of all repositories.
     *
     * @throws HubException when the hub cannot be reached or answers something else
     */
    public SortedMap<String, List<HubEntry>> everything() {
        SortedMap<String, List<HubEntry>> repositories = new TreeMap<>();
        connection.ask("list everything on " + hub, "/api/fileslist").properties().forEach(repository -> {
            List<HubEntry> entries = new ArrayList<>();
            repository.getValue().forEach(entry -> entries.add(HubEntry.of(entry)));
            repositories.put(repository.getKey(), entries);
        });
        return repositories;
    }

    /**
     * Everything in a repository: flists, links and tags, in the hub's order.
     *
     * @throws HubException of kind NOT_FOUND when there is no such repository
     */
    public List<HubEntry> list(String repository) {
        String user = HubNames.repository(repository);
        List<HubEntry> entries = new ArrayList<>();
        connection.ask("list " + user + " on " + hub, "/api/flist/" + user)
                .forEach(entry -> entries.add(HubEntry.of(entry)));
        return entries;
    }

    /**
     * What the hub knows of one name without looking into the flist.
     *
     * @throws HubException of kind NOT_FOUND when there is none
     */
    public HubEntry info(String repository, String name) {
        return HubEntry.of(connection.ask("look at " + repository + "/" + name + " on " + hub,
                HubNames.path(repository, name) + "/light"));
    }

    /**
     * What is in an flist, as the hub reads it.
     *
     * @throws HubException when there is none, or the hub counts entries that it could not read
     */
    public HubTree tree(String repository, String name) {
        String what = "read " + repository + "/" + name + " on " + hub;
        JsonNode json = connection.ask(what, HubNames.path(repository, name));
        if (json.path("failure").asInt(0) != 0 || !json.path("regular").isIntegralNumber()) {
            throw new HubException(Kind.REFUSED, what, "the hub could not read the whole flist", "publish it again");
        }
        return HubTree.of(json);
    }

    /**
     * The metadata of an flist by key; values that are objects are JSON text.
     *
     * @throws HubException when there is none
     */
    public SortedMap<String, String> metadata(String repository, String name) {
        JsonNode json = connection.ask("read the metadata of " + repository + "/" + name + " on " + hub,
                HubNames.path(repository, name) + "/metadata");
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
        String path = "/api/flist/me/" + HubNames.flist(name);
        connection.send("remove " + name + " from " + hub, connection.mine(path).delete().build());
    }

    /**
     * Removes a link to a tag of this client's own repository.
     *
     * @throws HubException of kind NOT_FOUND when there is none
     */
    public void deleteTagLink(String link) {
        String path = "/api/flist/me/" + HubNames.repository(link);
        connection.send("remove the tag link " + link + " from " + hub, connection.mine(path).delete().build());
    }

    /**
     * Renames a flist or a link. The hub replaces what has the new name without a word, so this is refused when something has.
     *
     * @throws HubException of kind REFUSED when the new name is taken
     */
    public void rename(String name, String newName) {
        String what = "rename " + HubNames.flist(name) + " to " + HubNames.flist(newName) + " on " + hub;
        requireFree(what, newName);
        connection.change(what, name + "/rename/" + newName);
    }

    /**
     * Makes or moves a link to a flist of another repository.
     *
     * @throws HubException when there is no such flist, or a file has the link's name
     */
    public void crosslink(String link, String repository, String name) {
        connection.change("point %s to %s/%s on %s".formatted(HubNames.flist(link), repository, name, hub),
                link + "/crosslink/" + HubNames.repository(repository) + "/" + HubNames.flist(name));
    }

    /**
     * Copies a flist of another repository. What has the new name is never replaced.
     *
     * @throws HubException when there is no such flist, or the new name is taken
     */
    public void promote(String repository, String name, String newName) {
        String what = "copy %s/%s to %s on %s".formatted(repository, name, HubNames.flist(newName), hub);
        String path = "promote/" + HubNames.repository(repository) + "/" + HubNames.flist(name) + "/" + newName;
        requireFree(what, newName);
        connection.change(what, path);
    }

    /**
     * Adds a link with the name {@code link} to a tag, which is made when it is not there.
     *
     * @throws HubException when there is no such flist
     */
    public void tag(String tag, String link, String repository, String name) {
        connection.change("tag %s/%s as %s/%s on %s".formatted(repository, name, tag, link, hub),
                tagPath(tag, link, repository, name));
    }

    /**
     * Takes a link out of a tag. The flist it points to must still be there: that is the hub's rule.
     *
     * @throws HubException of kind NOT_FOUND when the tag has no such link
     */
    public void untag(String tag, String link, String repository, String name) {
        connection.send("remove %s from the tag %s on %s".formatted(link, tag, hub),
                connection.mine("/api/flist/me/" + tagPath(tag, link, repository, name)).delete().build());
    }

    /**
     * Makes or moves a link to a whole tag.
     *
     * @throws HubException of kind NOT_FOUND when there is no such tag
     */
    public void crosstag(String link, String repository, String tag) {
        connection.change("point %s to the tag %s/%s on %s".formatted(link, repository, tag, hub),
                HubNames.tagLink(link) + "/crosstag/" + HubNames.repository(repository) + "/"
                        + HubNames.repository(tag));
    }

    /**
     * Merges flists into one; on conflicts the first counts. What has the target's name is never replaced.
     *
     * @param sources each {@code repository/name.flist}
     * @throws HubException when a source is not there, or the target is
     */
    public void merge(String target, List<String> sources) {
        String what = "merge " + String.join(", ", sources) + " into " + HubNames.flist(target) + " on " + hub;
        if (sources.isEmpty()) {
            throw new HubException(Kind.USAGE, what, "there is nothing to merge", "name one flist or more");
        }
        for (String source : sources) {
            int slash = source.indexOf('/');
            if (slash < 0) {
                throw new HubException(Kind.USAGE, what, "'" + source + "' names no repository",
                        "write it as repository/name.flist");
            }
            HubNames.repository(source.substring(0, slash));
            HubNames.flist(source.substring(slash + 1));
        }
        requireFree(what, target);
        RequestBody body = RequestBody.create(HubAnswer.array(sources), JSON);
        connection.send(what, connection.mine("/api/flist/me/merge/" + target).post(body).build());
    }

    private void requireFree(String what, String name) {
        String user = user();
        HubAnswer answer = connection.get(what, HubNames.path(user, name) + "/light");
        if (answer.code() == 200) {
            throw new HubException(Kind.REFUSED, what, user + " already has " + name,
                    "remove it first, or choose another name");
        }
        if (answer.code() != 404) {
            throw HubRefusals.of(what, answer);
        }
    }

    private static String tagPath(String tag, String link, String repository, String name) {
        return HubNames.repository(tag) + "/" + HubNames.flist(link) + "/tag/" + HubNames.repository(repository) + "/"
                + HubNames.flist(name);
    }

    /**
     * The SHA-256 of what the hub serves at {@code url}.
     *
     * @throws HubException when there is nothing
     */
    public String served(URI url) {
        return downloads.served(url);
    }
}
