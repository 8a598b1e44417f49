package zship.flist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written, read by Cap'n Proto's own tool, against what zflist 2.3.0 wrote of the same tree. */
class CapnProtoIT {
    private static final Path GOLDEN = Path.of(System.getProperty("zship.home"),
            "flist/src/test/resources/zship/flist");

    @TempDir
    private Path work;
    private Path schema;

    @BeforeEach
    void copySchema() throws IOException {
        schema = work.resolve("flist.capnp");
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("flist.capnp"))) {
            Files.copy(in, schema);
        }
    }

    @Test
    void everyValueThatIsWrittenIsReadByCapnpAndSaysWhatZflistSaid() throws Exception {
        Path written = work.resolve("written.flist");
        Flist.open(GOLDEN.resolve("golden.flist")).write(written);
        Map<String, JsonNode> expected = golden();
        Map<String, JsonNode> actual = decoded(written);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        actual.forEach((key, value) -> assertThat(value).as(key).isEqualTo(expected.get(key)));
    }

    private Map<String, JsonNode> golden() throws IOException {
        Map<String, JsonNode> rows = new TreeMap<>();
        try (var in = new GZIPInputStream(Files.newInputStream(GOLDEN.resolve("decoded.jsonl.gz")))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                JsonNode row = JsonMapper.shared().readTree(line);
                rows.put(row.get("key").asString(), comparable((ObjectNode) row.get("value")));
            });
        }
        return rows;
    }

    private Map<String, JsonNode> decoded(Path flist) throws Exception {
        Map<String, byte[]> rows;
        try (var in = Files.newInputStream(flist)) {
            rows = FlistDatabase.parse(FlistPackage.read(in).database()).entries();
        }
        Map<String, JsonNode> decoded = new TreeMap<>();
        for (String type : List.of("Directory", "Acl")) {
            int digits = type.equals("Acl") ? 16 : 32;
            List<String> keys = rows.keySet().stream().filter(key -> key.length() == digits).sorted().toList();
            ByteArrayOutputStream messages = new ByteArrayOutputStream();
            keys.forEach(key -> messages.writeBytes(Objects.requireNonNull(rows.get(key))));
            List<ObjectNode> values = convert(type, messages.toByteArray());
            assertThat(values).hasSameSizeAs(keys);
            for (int i = 0; i < keys.size(); i++) {
                decoded.put(keys.get(i), comparable(values.get(i)));
            }
        }
        return decoded;
    }

    private List<ObjectNode> convert(String type, byte[] messages) throws Exception {
        Path input = Files.write(work.resolve(type), messages);
        Process capnp = new ProcessBuilder("capnp", "convert", "binary:json", schema.toString(), type)
                .redirectInput(input.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text = new String(capnp.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(capnp.waitFor()).isZero();
        List<ObjectNode> values = new ArrayList<>();
        try (var json = JsonMapper.shared().readerFor(ObjectNode.class).<ObjectNode>readValues(text)) {
            json.forEachRemaining(values::add);
        }
        return values;
    }

    /**
     * One form for both: entries by name, hashes in hexadecimal, nothing that is empty, and without the three things where zflist
     * is known to differ: the kind of special files, the sizes of directories and the order of entries.
     */
    private static JsonNode comparable(ObjectNode value) {
        value.remove(List.of("rights", "size"));
        List<JsonNode> entries = new ArrayList<>();
        value.path("entries").forEach(entries::add);
        entries.sort(Comparator.comparing(entry -> entry.get("name").asString()));
        Map<String, JsonNode> byName = new HashMap<>();
        for (JsonNode node : entries) {
            ObjectNode entry = (ObjectNode) node;
            if (entry.path("what").has("dir")) {
                entry.remove("size");
            }
            if (entry.path("what").path("special") instanceof ObjectNode special) {
                special.remove("kind");
                special.put("data", text(special.path("data")));
            }
            if (entry.path("what").path("file") instanceof ObjectNode file) {
                List<String> chunks = new ArrayList<>();
                file.path("chunks").forEach(
                        chunk -> chunks.add(hex(chunk.path("id")) + " " + hex(chunk.path("plainHash"))));
                file.put("chunks", String.join(", ", chunks));
            }
            byName.put(entry.get("name").asString(), entry);
        }
        value.remove("entries");
        ObjectNode all = JsonMapper.shared().createObjectNode();
        value.properties().forEach(member -> all.put(member.getKey(), member.getValue().asString()));
        new TreeMap<>(byName).forEach((name, entry) -> all.put("entry " + name, sorted(entry)));
        return all;
    }

    private static String sorted(JsonNode node) {
        Map<String, String> members = new TreeMap<>();
        node.properties().forEach(member -> members.put(member.getKey(),
                member.getValue().isObject() ? sorted(member.getValue()) : member.getValue().asString()));
        return members.toString();
    }

    private static String hex(JsonNode data) {
        return data.isArray() ? HexFormat.of().formatHex(bytes(data)) : data.asString();
    }

    private static String text(JsonNode data) {
        return data.isArray() ? new String(bytes(data), StandardCharsets.US_ASCII) : data.asString();
    }

    private static byte[] bytes(JsonNode array) {
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) array.get(i).asInt();
        }
        return bytes;
    }
}
