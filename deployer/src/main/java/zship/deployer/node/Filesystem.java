package zship.deployer.node;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

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

    /** Makes a directory, and those above it; one that is there is no error. */
    public void makeDirectory(String path) {
        ask(Command.of("filesystem.mkdir").with("path", path), "make directory " + path);
    }

    /** Removes a file, or a directory with everything in it; nothing there is no error. */
    public void remove(String path) {
        ask(Command.of("filesystem.remove").with("path", path), "remove " + path);
    }

    /** Gives a file or directory another path. */
    public void move(String from, String to) {
        ask(Command.of("filesystem.move").with("path", from).with("destination", to), "move " + from + " to " + to);
    }

    /** Sets the permission bits of a file, or of a directory and everything in it when recursive. */
    public void changeMode(String path, int mode, boolean recursive) {
        ask(Command.of("filesystem.chmod").with("path", path).with("mode", mode).with("recursive", recursive),
                "change the mode of " + path);
    }

    /** Gives a file, or a directory and everything in it when recursive, to a user and a group, both by name. */
    public void changeOwner(String path, String user, String group, boolean recursive) {
        ask(Command.of("filesystem.chown").with("path", path).with("user", user).with("group", group)
                .with("recursive", recursive), "change the owner of " + path);
    }

    /**
     * The content of a file.
     *
     * @param path the file
     * @param maxBytes how much is read at most
     */
    public byte[] read(String path, int maxBytes) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        copy(path, maxBytes, content::writeBytes);
        return content.toByteArray();
    }

    /**
     * Hands on the content of a file, piece by piece.
     *
     * @param path the file
     * @param maxBytes how much is read at most
     * @param pieces takes the pieces, each of at most 512 KiB
     */
    public void copy(String path, long maxBytes, Consumer<byte[]> pieces) {
        String descriptor = ask(Command.of("filesystem.open").with("file", path).with("mode", "r").with("perm", 0),
                "open " + path).text();
        try {
            long left = maxBytes;
            while (left > 0) {
                byte[] block = Base64.getMimeDecoder().decode(
                        ask(Command.of("filesystem.read").with("fd", descriptor), "read " + path).text());
                if (block.length == 0) {
                    break;
                }
                pieces.accept(block.length <= left ? block : Arrays.copyOf(block, (int) left));
                left -= block.length;
            }
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
                byte[] part = Arrays.copyOfRange(content, at, Math.min(content.length, at + block));
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
