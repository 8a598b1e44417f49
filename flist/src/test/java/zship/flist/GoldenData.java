package zship.flist;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.flist.chunk.ChunkId;
import zship.flist.store.MemoryStore;
import zship.flist.tar.TarMember;
import zship.flist.tar.TarReader;

/** A tree, two generations of flists that the real tool made of it, all chunks, and vectors. */
public final class GoldenData {
    private GoldenData() {
    }

    /** One entry of the tree: type letter, mode, owners, time, size, and what distinguishes its content. */
    public record Line(char type, int mode, long uid, long gid, long modified, long size, String content, String path) {
        public Line withModified(long other) {
            return new Line(type, mode, uid, gid, other, size, content, path);
        }
    }

    public static Path file(String name) {
        try {
            return Path.of(Objects.requireNonNull(GoldenData.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What tree.tar.gz holds; the root has the path "/". */
    public static List<Line> tree() {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(stream("tree.manifest.gz")), StandardCharsets.US_ASCII))) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] field = line.split(" ");
                byte[] path = field[7].equals("-") ? new byte[0] : HexFormat.of().parseHex(field[7]);
                lines.add(new Line(field[0].charAt(0), Integer.parseInt(field[1], 8), Long.parseLong(field[2]),
                        Long.parseLong(field[3]), Long.parseLong(field[4]), Long.parseLong(field[5]), field[6],
                        TreePath.of(path).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    /** A store with all chunks of the tree. */
    public static MemoryStore store() {
        MemoryStore store = new MemoryStore();
        try (TarReader tar = new TarReader(new GZIPInputStream(stream("chunks.tar.gz")))) {
            for (Optional<TarMember> member = tar.next(); member.isPresent(); member = tar.next()) {
                String name = new String(member.get().name(), StandardCharsets.US_ASCII);
                String hex = name.substring(name.lastIndexOf('/') + 1);
                if (hex.length() == 32) {
                    store.put(ChunkId.of(hex), tar.readAll(1 << 20));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return store;
    }

    public static JsonNode vectors() {
        return new JsonMapper().readTree(stream("vectors.json"));
    }

    private static InputStream stream(String name) {
        return Objects.requireNonNull(GoldenData.class.getResourceAsStream(name), name);
    }
}
