package zship.localnode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistDatabaseFile;
import zship.flist.format.FlistPackage;
import zship.flist.format.WireDirectory;
import zship.flist.format.WireInode;
import zship.localnode.mount.RootMode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever an flist says, the command that creates a container of it is answered, and so are others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileFlistIT extends RunningNode {
    private static final int MEBIBYTE = 1 << 20;

    private Path sound;

    private void start(RootMode mode) throws IOException {
        open(mode);
        sound = BusyboxRoot.pack(node.state(), folder, "");
    }

    private interface Change {
        void of(Map<String, byte[]> rows) throws IOException;
    }

    private Path changed(String name, Change change) throws IOException {
        FlistPackage outer;
        try (InputStream in = Files.newInputStream(sound)) {
            outer = FlistPackage.read(in);
        }
        FlistDatabase database = FlistDatabase.parse(outer.database());
        Map<String, byte[]> rows = new HashMap<>(database.entries());
        change.of(rows);
        Path file = folder.resolve(name + ".flist");
        try (OutputStream out = Files.newOutputStream(file); FlistDatabaseFile written = FlistDatabaseFile.create()) {
            for (Map.Entry<String, byte[]> row : rows.entrySet()) {
                written.add(row.getKey(), row.getValue());
            }
            written.finish(database.metadata());
            FlistPackage.write(written, outer.router(), out);
        }
        return file;
    }

    /** The key of the row of a directory: the one that its parent's entry names, or the root's, which is its own parent. */
    private static String key(Map<String, byte[]> rows, String directory) throws IOException {
        for (byte[] row : rows.values()) {
            WireDirectory decoded;
            try {
                decoded = WireDirectory.decode(row);
            } catch (IOException permissions) {
                continue;
            }
            if (directory.isEmpty() && decoded.location().length == 0 && !decoded.contents().isEmpty()) {
                return decoded.parent();
            }
            for (WireInode inode : decoded.contents()) {
                if (inode.content() instanceof WireInode.Dir inner
                        && new String(inode.name(), UTF_8).equals(directory)) {
                    return inner.key();
                }
            }
        }
        throw new IllegalStateException("no directory " + directory);
    }

    private static void change(Map<String, byte[]> rows, String directory, String entry,
            UnaryOperator<WireInode> change) throws IOException {
        WireDirectory before = WireDirectory.decode(rows.get(key(rows, directory)));
        List<WireInode> contents = before.contents().stream()
                .map(inode -> new String(inode.name(), UTF_8).equals(entry) ? change.apply(inode) : inode).toList();
        rows.put(key(rows, directory), new WireDirectory(before.name(), before.location(), contents, before.parent(),
                before.size(), before.aclKey(), before.modified(), before.created()).encode());
    }

    private Path looping() throws IOException {
        return changed("loop", rows -> {
            String root = key(rows, "");
            change(rows, "", "bin", bin -> new WireInode(bin.name(), bin.size(), new WireInode.Dir(root),
                    bin.aclKey(), bin.modified(), bin.created()));
        });
    }

    private Path withSizeOfMessage(long size) throws IOException {
        return changed("size" + size, rows -> change(rows, "etc", "motd", file -> new WireInode(file.name(), size,
                file.content(), file.aclKey(), file.modified(), file.created())));
    }

    private Path incomplete() throws IOException {
        return changed("incomplete", rows -> rows.remove(key(rows, "etc")));
    }

    /** A few megabytes that become more than four gibibytes. */
    private Path bomb() throws IOException {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(member)) {
            gzip.write(new byte[64 * MEBIBYTE]);
        }
        Path file = Files.copy(sound, folder.resolve("bomb.flist"));
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 65; i++) {
                out.write(member.toByteArray());
            }
        }
        return file;
    }

    private void assertRefused(Path flist, String reason) throws IOException {
        JsonNode refused = queue.run("corex.create", Map.of("root", flist.toString()));
        assertThat(refused.get("state").stringValue()).as(flist.toString()).isEqualTo("ERROR");
        assertThat(refused.get("data").stringValue()).startsWith("\"mount-root-flist(").contains(reason);
        assertThat(queue.run("core.ping", Map.of()).get("data").stringValue()).contains("PONG");
        assertThat(Remains.ofContainers(folder)).isEmpty();
    }

    private void assertSoundFlistRuns() {
        int id = queue.create(Map.of("root", sound.toString()));
        assertThat(queue.shell(id, "cat /etc/motd")).isEqualTo("hello from base\n");
    }

    @ParameterizedTest
    @EnumSource(value = RootMode.class, names = {"LAZY", "FULL"})
    void treeThatIsNoneIsRefused(RootMode mode) throws Exception {
        start(mode);
        assertRefused(looping(), "is also somewhere else in the tree");
        assertRefused(incomplete(), "the row of directory /etc is missing");
        assertRefused(withSizeOfMessage(-1), "claims a size of 2^63 bytes or more");
        assertSoundFlistRuns();
    }

    @Test
    void fewBytesThatBecomeManyAreRefused() throws Exception {
        start(RootMode.LAZY);
        assertRefused(bomb(), "flist holds more than 4294967296 bytes");
        assertSoundFlistRuns();
    }

    @Test
    void fileThatIsSaidToBeLargerThanItsChunksIsRefusedBeforeTheStart() throws Exception {
        start(RootMode.FULL);
        assertRefused(withSizeOfMessage(Long.MAX_VALUE), "etc/motd");
        assertSoundFlistRuns();
    }

    @Test
    void fileThatIsSaidToBeLargerThanItsChunksCannotBeReadAndOthersCan() throws Exception {
        start(RootMode.LAZY);
        int id = queue.create(Map.of("root", withSizeOfMessage(Long.MAX_VALUE).toString()));
        JsonNode read = queue.inside(id, "bash", Map.of("script", "cat /etc/motd"));
        assertThat(read.get("state").stringValue()).as(read.toString()).isEqualTo("ERROR");
        assertThat(queue.shell(id, "cat /www/index.html")).isEqualTo("served from the flist");
    }
}
