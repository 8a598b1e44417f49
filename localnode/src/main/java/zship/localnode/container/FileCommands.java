package zship.localnode.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/** The commands that look at a container's files. No path leads out of the container; nothing is written. */
final class FileCommands {

    private static final int BLOCK = 512 << 10;
    private static final int MOST_OPEN = 64;
    private static final int PERMISSIONS = 07777;

    private final RootTree tree;
    private final Map<String, InputStream> open = new ConcurrentHashMap<>();

    private FileCommands(RootTree tree) {
        this.tree = tree;
    }

    static Map<String, Builtin> of(RootTree tree) {
        FileCommands commands = new FileCommands(tree);
        return Map.of("filesystem.exists", commands::exists, "filesystem.list", commands::list, "filesystem.open",
                commands::open, "filesystem.read", commands::read, "filesystem.close", commands::close);
    }

    private JsonNode exists(Arguments arguments) throws CommandException {
        return GoJson.nodes().booleanNode(tree.resolve(arguments.text("path")).isPresent());
    }

    private JsonNode list(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        Path directory = tree.resolve(path).filter(Files::isDirectory).orElseThrow(() -> missing(path));
        ArrayNode list = GoJson.nodes().arrayNode();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                int mode = (int) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                BasicFileAttributes facts = Files.readAttributes(entry, BasicFileAttributes.class,
                        LinkOption.NOFOLLOW_LINKS);
                list.addObject().put("name", entry.getFileName().toString()).put("size", facts.size())
                        .put("mode", mode & PERMISSIONS).put("is_dir", facts.isDirectory());
            }
        } catch (IOException unreadable) {
            throw failed(String.valueOf(unreadable.getMessage()));
        }
        return list;
    }

    private JsonNode open(Arguments arguments) throws CommandException {
        String path = arguments.text("file");
        String mode = arguments.text("mode");
        if (!mode.isEmpty() && !mode.equals("r")) {
            throw failed("unknown mode '" + mode + "'");
        }
        if (open.size() >= MOST_OPEN) {
            throw failed("open " + path + ": too many open files");
        }
        Path file = tree.resolve(path).filter(Files::isRegularFile).orElseThrow(() -> missing(path));
        String descriptor = UUID.randomUUID().toString();
        try {
            open.put(descriptor, Channels.newInputStream(
                    FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException unreadable) {
            throw failed("open " + path + ": " + unreadable.getMessage());
        }
        return GoJson.nodes().stringNode(descriptor);
    }

    private JsonNode read(Arguments arguments) throws CommandException {
        String descriptor = arguments.text("fd");
        InputStream file = Optional.ofNullable(open.get(descriptor))
                .orElseThrow(() -> failed("unknown file description '" + descriptor + "'"));
        try {
            return GoJson.nodes().stringNode(Base64.getEncoder().encodeToString(file.readNBytes(BLOCK)));
        } catch (IOException broken) {
            throw failed(String.valueOf(broken.getMessage()));
        }
    }

    private JsonNode close(Arguments arguments) throws CommandException {
        InputStream file = open.remove(arguments.text("fd"));
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException broken) {
            throw failed(String.valueOf(broken.getMessage()));
        }
        return GoJson.nodes().nullNode();
    }

    private static CommandException missing(String path) {
        return failed("open " + path + ": no such file or directory");
    }

    private static CommandException failed(String text) {
        return new CommandException(CommandException.FAILED, text);
    }
}
