package zship.flist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.capnproto.MessageReader;
import org.capnproto.Serialize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.GoldenData.Line;
import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;
import zship.flist.format.MalformedFlistException;
import zship.flist.format.WireDirectory;
import zship.flist.format.WireInode;
import zship.flist.format.WirePermissions;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Every row and every answer of the real tool, one by one. */
class GoldenRowsTest {
    @Test
    void decodeGivesWhatCapnpFoundInEveryRow() throws Exception {
        Map<String, byte[]> rows = rows("golden.flist");
        int segmented = 0;
        List<JsonNode> golden = lines("decoded.jsonl.gz");
        assertThat(rows).hasSameSizeAs(golden);
        for (JsonNode row : golden) {
            byte[] value = Objects.requireNonNull(rows.get(row.get("key").asString()));
            JsonNode wanted = row.get("value");
            if (row.get("type").asString().equals("Acl")) {
                WirePermissions acl = WirePermissions.decode(value);
                assertThat(List.of(acl.user(), acl.group(), acl.mode(), acl.uid(), acl.gid())).isEqualTo(
                        List.of(wanted.get("user").asString(), wanted.get("group").asString(),
                                wanted.get("mode").asInt(), wanted.get("uid").asLong(), wanted.get("gid").asLong()));
                assertThat(WirePermissions.decode(acl.encode())).isEqualTo(acl);
            } else {
                segmented += row.get("segments").asInt() > 1 ? 1 : 0;
                WireDirectory directory = WireDirectory.decode(value);
                assertSame(directory, wanted);
                byte[] again = directory.encode();
                assertThat(ByteBuffer.wrap(again).order(ByteOrder.LITTLE_ENDIAN).getInt()).as("segments - 1").isZero();
                assertSame(WireDirectory.decode(again), wanted);
            }
        }
        assertThat(segmented).as("rows of several segments, which need far pointers").isPositive();
    }

    private static void assertSame(WireDirectory directory, JsonNode wanted) {
        assertThat(utf8(directory.name())).isEqualTo(wanted.path("name").asString(""));
        assertThat(utf8(directory.location())).isEqualTo(wanted.path("location").asString(""));
        assertThat(directory.parent()).isEqualTo(wanted.get("parent").asString());
        assertThat(directory.aclKey()).isEqualTo(wanted.get("aclKey").asString());
        assertThat(directory.modified()).isEqualTo(wanted.get("mtime").asLong());
        assertThat(directory.created()).isEqualTo(wanted.get("ctime").asLong());
        assertThat(directory.contents()).hasSize(wanted.path("entries").size());
        for (int i = 0; i < directory.contents().size(); i++) {
            WireInode inode = directory.contents().get(i);
            JsonNode entry = wanted.get("entries").get(i);
            assertThat(utf8(inode.name())).isEqualTo(entry.get("name").asString());
            assertThat(inode.size()).isEqualTo(entry.get("size").asLong());
            assertThat(inode.aclKey()).isEqualTo(entry.get("aclKey").asString());
            assertThat(inode.modified()).isEqualTo(entry.get("mtime").asLong());
            assertThat(inode.created()).isEqualTo(entry.get("ctime").asLong());
            String content = switch (inode.content()) {
                case WireInode.Dir dir -> dir.key();
                case WireInode.File file -> file.blockUnits() + " " + file.blocks().size();
                case WireInode.Link link -> utf8(link.target());
                case WireInode.Special special -> utf8(special.data());
                case WireInode.Unknown unknown -> "";
            };
            JsonNode what = entry.get("what");
            assertThat(content).isEqualTo(what.has("dir")
                    ? what.get("dir").get("key").asString()
                    : what.has("link")
                            ? what.get("link").get("target").asString()
                            : what.has("special")
                                    ? what.get("special").get("data").asString()
                                    : what.get("file").get("blockUnits").asInt() + " "
                                            + what.get("file").path("chunks").size());
        }
    }

    @Test
    void decodeWhenValueIsPackedRefuses() throws Exception {
        for (byte[] value : rows("golden.flist").values()) {
            byte[] packed = packed(value);
            assertThatThrownBy(() -> WireDirectory.decode(packed)).isInstanceOf(MalformedFlistException.class);
        }
    }

    /** Each word as a tag byte and its bytes that are not zero; runs after an all-zero or all-set tag have length 0. */
    private static byte[] packed(byte[] value) throws IOException {
        MessageReader message = Serialize.read(Channels.newChannel(new java.io.ByteArrayInputStream(value)));
        assertThat(message).isNotNull();
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int word = 0; word < value.length; word += 8) {
            int tag = 0;
            for (int i = 0; i < 8; i++) {
                tag |= value[word + i] != 0 ? 1 << i : 0;
            }
            out.write(tag);
            for (int i = 0; i < 8; i++) {
                if (value[word + i] != 0) {
                    out.write(value[word + i]);
                }
            }
            if (tag == 0 || tag == 255) {
                out.write(0);
            }
        }
        return out.toByteArray();
    }

    @Test
    void lookupGivesWhatTheRealToolsStatSaid() {
        Flist flist = Flist.open(GoldenData.file("golden.flist"));
        List<JsonNode> stats = lines("stat.jsonl.gz");
        assertThat(stats).hasSizeGreaterThan(100);
        for (JsonNode stat : stats) {
            String path = stat.get("file").asString();
            Entry entry = flist.lookup(TreePath.of(path)).orElseThrow();
            Permissions permissions = entry.permissions();
            assertThat(permissions.mode()).as(path).isEqualTo(stat.get("mode").asInt() & 07777);
            assertThat(permissions.user()).as(path).isEqualTo(stat.get("user").asString());
            assertThat(permissions.group()).as(path).isEqualTo(stat.get("group").asString());
            assertThat(permissions.uid()).as(path).isEqualTo(stat.get("uid").asLong());
            assertThat(permissions.gid()).as(path).isEqualTo(stat.get("gid").asLong());
            assertThat(entry.attributes().modified()).as(path).isEqualTo(stat.get("modified").asLong());
            assertThat(entry.attributes().created()).as(path).isEqualTo(stat.get("created").asLong());
            if (entry instanceof LinkEntry link) {
                assertThat(link.targetText()).as(path).isEqualTo(stat.get("linkto").asString());
            }
            if (entry instanceof FileEntry file) {
                assertThat(file.size()).as(path).isEqualTo(stat.get("size").asLong());
                List<String> chunks = new ArrayList<>();
                stat.get("chunks").forEach(
                        it -> chunks.add(it.get("key").asString() + " " + it.get("decipher").asString()));
                assertThat(file.blocks()).extracting(block -> block.id() + " " + block.key()).as(path)
                        .isEqualTo(chunks);
            }
        }
    }

    /** The recording names only five files of a large directory, but counts all; directory sizes are its host's. */
    @Test
    void walkFindsWhatTheRealToolsFindSaid() {
        Map<String, Long> sizes = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        List<FileEntry> files = new ArrayList<>();
        Flist.open(GoldenData.file("golden.flist")).walk((path, entry) -> {
            sizes.put(path.toString(), entry instanceof Directory ? -1 : entry.size());
            counts.merge(switch (entry) {
                case Directory directory -> "directory";
                case FileEntry file -> "regular";
                case LinkEntry link -> "symlink";
                case SpecialEntry special -> "special";
            }, 1, Integer::sum);
            if (entry instanceof FileEntry file) {
                files.add(file);
            }
        });
        JsonNode found = lines("find.json.gz").getFirst().get("response");
        counts.forEach((kind, count) -> assertThat(count).as(kind).isEqualTo(found.get(kind).asInt()));
        assertThat(counts).hasSize(4);
        assertThat(files.stream().mapToLong(FileEntry::size).sum()).isEqualTo(found.get("fullsize").asLong());
        int compared = 0;
        for (JsonNode entry : found.get("content")) {
            if (entry.has("path")) {
                String path = TreePath.of(entry.get("path").asString().getBytes(StandardCharsets.UTF_8)).toString();
                long size = Objects.requireNonNull(sizes.get(path), path);
                assertThat(size).as(path).isIn(-1L, entry.get("size").asLong());
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    /** The tool of 2019 knew no numbers of owners, which come from the tree's own passwd or are the names themselves. */
    @Test
    void unpackWhenMadeIn2019GivesTheTree(@TempDir Path work) throws Exception {
        Flist flist = Flist.open(GoldenData.file("old-2019.flist"));
        new Unpacker(GoldenData.store()).unpack(flist, work.resolve("root"));
        Map<String, Line> unpacked = new HashMap<>();
        TreeListing.of(work.resolve("root")).forEach(line -> unpacked.put(line.path(), line));
        List<String> otherRights = new ArrayList<>();
        for (Line wanted : GoldenData.tree()) {
            Line found = Objects.requireNonNull(unpacked.get(wanted.path()), wanted.path());
            assertThat(found.type()).as(wanted.path()).isEqualTo(wanted.type());
            assertThat(found.content()).as(wanted.path()).isEqualTo(wanted.content());
            assertThat(found.size()).as(wanted.path()).isEqualTo(wanted.size());
            if (!wanted.path().equals("/")) {
                assertThat(found.modified()).as(wanted.path()).isEqualTo(wanted.modified());
            }
            if (wanted.type() != 'l' && found.mode() != wanted.mode()) {
                otherRights.add(wanted.path());
            }
        }
        assertThat(otherRights).isEmpty();
        assertThat(Objects.requireNonNull(unpacked.get("/owners/o-0-0")).uid()).isZero();
        assertThat(Objects.requireNonNull(unpacked.get("/owners/o-1000-1000")).uid()).isEqualTo(1000);
        assertThat(Objects.requireNonNull(unpacked.get("/owners/o-54321-54322")).gid()).isEqualTo(54322);
    }

    private static Map<String, byte[]> rows(String file) throws IOException {
        return FlistDatabase.parse(FlistPackage.read(Files.newInputStream(GoldenData.file(file))).database()).entries();
    }

    private static List<JsonNode> lines(String name) {
        try (var in = new GZIPInputStream(Files.newInputStream(GoldenData.file(name)));
                Stream<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()) {
            return lines.map(JsonMapper.shared()::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
