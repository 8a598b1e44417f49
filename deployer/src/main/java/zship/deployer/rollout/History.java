package zship.deployer.rollout;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import zship.deployer.PrivateFile;
import zship.deployer.container.SpecJson;
import zship.deployer.health.HealthJson;
import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeJson;
import zship.flist.Secret;

/**
 * What was deployed when, for one app on one node: a file of JSON lines, mode 0600, oldest first. Kept are the last five
 * deployments that served, and what was tried since the oldest of them.
 */
public final class History {

    /** How many good deployments are kept. */
    public static final int KEPT = 5;

    private static final String HMAC = "HmacSHA256";

    private final PrivateFile file;
    private final PrivateFile key;
    private final String app;

    private History(StateFolder folder, Path state) {
        this.file = folder.file(".history.jsonl");
        this.key = new PrivateFile(state.resolve("deployments").resolve("key"));
        this.app = folder.app();
    }

    /**
     * The history of an app.
     *
     * @param stateDirectory where deployments are remembered
     * @param node the node it runs on
     * @param app its name
     */
    public static History of(Path stateDirectory, NodeAddress node, String app) {
        return new History(StateFolder.of(stateDirectory, node, app), stateDirectory);
    }

    /** All entries, oldest first. */
    public List<HistoryEntry> entries() {
        List<HistoryEntry> entries = new ArrayList<>();
        file.read().ifPresent(text -> text.lines().filter(line -> !line.isBlank())
                .forEach(line -> entries.add(entry(NodeJson.read("the history of " + app, line)))));
        return entries;
    }

    /** The last deployment that served. */
    public Optional<HistoryEntry> last() {
        return good(entries()).reduce((a, b) -> b);
    }

    /** The entry with this number. */
    public Optional<HistoryEntry> get(int number) {
        return entries().stream().filter(e -> e.number() == number).findFirst();
    }

    /** The last deployment that served before the current one and asked for something else. */
    public Optional<HistoryEntry> previous() {
        List<HistoryEntry> entries = entries();
        Optional<HistoryEntry> current = good(entries).reduce((a, b) -> b);
        return good(entries).filter(e -> current.isEmpty() || !sameApp(e, current.get())).reduce((a, b) -> b);
    }

    /** Whether a secret has the value it had in a deployment. */
    public boolean sameSecret(HistoryEntry entry, String name, Secret value) {
        return digest(name, value).equals(entry.record().secretDigests().get(name));
    }

    void add(App made, String digest, Instant time, HistoryEntry.Outcome outcome, int containerId) {
        Map<String, String> secretDigests = new TreeMap<>();
        made.spec().secrets().forEach((name, value) -> secretDigests.put(name, digest(name, value)));
        List<HistoryEntry> entries = entries();
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("spec", SpecJson.write(made.spec()));
        record.put("health", HealthJson.write(made.health(), made.spec().environment().secrets()));
        int number = entries.isEmpty() ? 1 : entries.getLast().number() + 1;
        entries.add(new HistoryEntry(number, time, outcome, containerId, digest, new HistoryEntry.AppRecord(
                NodeJson.read("a deployment", NodeJson.write(record)), made.flistSha256(), secretDigests)));
        StringBuilder text = new StringBuilder();
        kept(entries).forEach(entry -> text.append(line(entry)).append('\n'));
        file.write(text.toString());
    }

    private static List<HistoryEntry> kept(List<HistoryEntry> entries) {
        List<HistoryEntry> good = good(entries).toList();
        if (good.size() <= KEPT) {
            return entries.subList(Math.max(0, entries.size() - 10 * KEPT), entries.size());
        }
        int oldest = good.get(good.size() - KEPT).number();
        return entries.stream().filter(e -> e.number() >= oldest).toList();
    }

    private static Stream<HistoryEntry> good(List<HistoryEntry> entries) {
        return entries.stream().filter(e -> e.outcome() == HistoryEntry.Outcome.HEALTHY);
    }

    private static boolean sameApp(HistoryEntry a, HistoryEntry b) {
        return a.digest().equals(b.digest()) && a.record().secretDigests().equals(b.record().secretDigests());
    }

    private static String line(HistoryEntry entry) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("number", entry.number());
        fields.put("time", entry.time().toString());
        fields.put("outcome", entry.outcome().name());
        fields.put("container", entry.containerId());
        fields.put("digest", entry.digest());
        fields.put("flist_sha256", entry.record().flistSha256());
        fields.put("secret_digests", new TreeMap<>(entry.record().secretDigests()));
        fields.put("app", entry.record().app());
        return NodeJson.write(fields);
    }

    private static HistoryEntry entry(JsonNode json) {
        Map<String, String> secretDigests = new TreeMap<>();
        json.path("secret_digests").forEachEntry((name, value) -> secretDigests.put(name, value.asString("")));
        return new HistoryEntry(json.path("number").asInt(0), Instant.parse(json.path("time").asString("")),
                HistoryEntry.Outcome.valueOf(json.path("outcome").asString("")), json.path("container").asInt(0),
                json.path("digest").asString(""),
                new HistoryEntry.AppRecord(json.path("app"), json.path("flist_sha256").asString(""), secretDigests));
    }

    private String digest(String name, Secret value) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key(), HMAC));
            mac.update((name + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(value.expose().getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private byte[] key() {
        Optional<String> kept = key.read().map(String::strip).filter(text -> text.matches("[0-9a-f]{64}"));
        if (kept.isPresent()) {
            return HexFormat.of().parseHex(kept.get());
        }
        byte[] fresh = new byte[32];
        new SecureRandom().nextBytes(fresh);
        key.write(HexFormat.of().formatHex(fresh) + "\n");
        return fresh;
    }
}
