package zship.deployer.node;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import tools.jackson.databind.JsonNode;

/** Files of a node or a container; works although the root has no {@code ls} or {@code cat}. */
public final class Filesystem {

    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final String HINT = "`zship ls NAME PATH` shows what is there";

    private final CommandRunner place;

    /** The files of this place. */
    public Filesystem(CommandRunner place) {
        this.place = place;
    }

    /**
     * An entry of a directory.
     *
     * @param name its name
     * @param size its size in bytes
     * @param mode its permission bits
     * @param directory whether it is a directory
     */
    public record Item(String name, long size, int mode, boolean directory) {
    }

    /** The entries of a directory. */
    public List<Item> list(String path) {
        List<Item> items = new ArrayList<>();
        ask(Command.of("filesystem.list").with("path", path), "list " + path).json()
                .forEach(item -> items.add(item(item)));
        return items;
    }

    /** Whether something is there. */
    public boolean exists(String path) {
        return ask(Command.of("filesystem.exists").with("path", path), "look for " + path).json().asBoolean(false);
    }

    /**
     * The content of a file.
     *
     * @param path the file
     * @param maxBytes how much is read at most
     */
    public byte[] read(String path, int maxBytes) {
        String descriptor = ask(Command.of("filesystem.open").with("file", path).with("mode", "r").with("perm", 0),
                "open " + path).text();
        try {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (content.size() < maxBytes) {
                byte[] block = Base64.getMimeDecoder().decode(
                        ask(Command.of("filesystem.read").with("fd", descriptor), "read " + path).text());
                if (block.length == 0) {
                    break;
                }
                content.write(block, 0, Math.min(block.length, maxBytes - content.size()));
            }
            return content.toByteArray();
        } finally {
            place.run(Command.of("filesystem.close").with("fd", descriptor), QUICK).output();
        }
    }

    /** Writes a file, made new with mode 0644 or replaced. */
    public void write(String path, byte[] content) {
        String descriptor = ask(Command.of("filesystem.open").with("file", path).with("mode", "w").with("perm", 0644),
                "write " + path).text();
        try {
            int block = 256 * 1024;
            for (int at = 0; at < content.length; at += block) {
                byte[] part = java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + block));
                ask(Command.of("filesystem.write").with("fd", descriptor).with("block",
                        Base64.getEncoder().encodeToString(part)), "write " + path).output();
            }
        } finally {
            place.run(Command.of("filesystem.close").with("fd", descriptor), QUICK).output();
        }
    }

    private JobResult ask(Command command, String what) {
        return place.run(command, QUICK).orThrow(what + " in " + place.place(), HINT);
    }

    private static Item item(JsonNode json) {
        return new Item(json.path("name").asString(""), json.path("size").asLong(0), json.path("mode").asInt(0),
                json.path("is_dir").asBoolean(false));
    }
}
