package zship.localnode.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

import zship.flist.disk.ChangingTree;
import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * The commands {@code filesystem.*} of the node and of containers, with the texts of 0-core (measured): those of the operating
 * system behind the operation and the path.
 */
public final class FileCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();
    private static final int BLOCK = 512 << 10;
    private static final int PERMISSIONS = 07777;
    private static final int READ_WRITE_ALL = 0777;

    private final RootedFiles files;
    private final OpenFiles open;

    private FileCommands(RootedFiles files, Clock clock) {
        this.files = files;
        this.open = new OpenFiles(clock);
    }

    /** The commands for the files below a root. */
    public static Map<String, Builtin> of(RootedFiles files, Clock clock) {
        FileCommands commands = new FileCommands(files, clock);
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("filesystem.exists", commands::exists);
        all.put("filesystem.list", commands::list);
        all.put("filesystem.open", commands::open);
        all.put("filesystem.read", commands::read);
        all.put("filesystem.write", commands::write);
        all.put("filesystem.close", commands::close);
        all.put("filesystem.mkdir", commands::makeDirectory);
        all.put("filesystem.remove", commands::remove);
        all.put("filesystem.move", commands::move);
        all.put("filesystem.chmod", commands::changeMode);
        all.put("filesystem.chown", commands::changeOwner);
        return all;
    }

    private JsonNode exists(Arguments arguments) throws CommandException {
        return GoJson.nodes().booleanNode(files.exists(arguments.text("path")));
    }

    private JsonNode list(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        try {
            return files.visit(path, FileCommands::entries);
        } catch (IOException unreadable) {
            throw failed("open " + path, unreadable);
        }
    }

    private static ArrayNode entries(Path directory) throws IOException {
        List<Path> entries = ChangingTree.children(directory);
        entries.sort(null);
        ArrayNode list = GoJson.nodes().arrayNode();
        for (Path entry : entries) {
            int mode;
            BasicFileAttributes facts;
            try {
                mode = (int) Files.getAttribute(entry, "unix:mode", LinkOption.NOFOLLOW_LINKS);
                facts = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException goneMeanwhile) {
                continue;
            }
            list.addObject().put("name", String.valueOf(entry.getFileName())).put("size", facts.size())
                    .put("mode", mode & READ_WRITE_ALL).put("is_dir", facts.isDirectory());
        }
        return list;
    }

    private JsonNode open(Arguments arguments) throws CommandException {
        String path = arguments.text("file");
        String letters = arguments.text("mode");
        OpenMode mode = OpenMode.of(letters.isEmpty() ? "r" : letters);
        int permissions = (int) arguments.number("perm", 0, Integer.MAX_VALUE, "os.FileMode");
        try {
            return GoJson.nodes().stringNode(open.add(path, mode, () -> files.open(path, mode, permissions)));
        } catch (IOException refused) {
            throw failed("open " + path, refused);
        }
    }

    private JsonNode read(Arguments arguments) throws CommandException {
        return GoJson.nodes().stringNode(open.read(arguments.text("fd"), BLOCK));
    }

    private JsonNode write(Arguments arguments) throws CommandException {
        open.write(arguments.text("fd"), arguments.text("block"));
        return NULL;
    }

    private JsonNode close(Arguments arguments) throws CommandException {
        open.close(arguments.text("fd"));
        return NULL;
    }

    private JsonNode makeDirectory(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        try {
            files.makeDirectories(path);
        } catch (IOException refused) {
            throw failed("mkdir " + path, refused);
        }
        return NULL;
    }

    private JsonNode remove(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        try {
            files.remove(path);
        } catch (IOException refused) {
            throw failed("remove " + path, refused);
        }
        return NULL;
    }

    private JsonNode move(Arguments arguments) throws CommandException {
        String from = arguments.text("path");
        String to = arguments.text("destination");
        try {
            files.move(from, to);
        } catch (IOException refused) {
            throw failed("rename " + from + " " + to, refused);
        }
        return NULL;
    }

    private JsonNode changeMode(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        int mode = (int) arguments.number("mode", 0, Integer.MAX_VALUE, "os.FileMode") & PERMISSIONS;
        try {
            for (String each : affected(path, arguments.flag("recursive"))) {
                files.visit(each, file -> Files.setAttribute(file, "unix:mode", mode));
            }
        } catch (IOException refused) {
            throw failed("chmod " + path, refused);
        }
        return NULL;
    }

    private JsonNode changeOwner(Arguments arguments) throws CommandException {
        String path = arguments.text("path");
        int user = id("/etc/passwd", arguments.text("user"), "user");
        int group = id("/etc/group", arguments.text("group"), "group");
        try {
            for (String each : affected(path, arguments.flag("recursive"))) {
                files.visit(each, file -> {
                    Files.setAttribute(file, "unix:gid", group);
                    return Files.setAttribute(file, "unix:uid", user);
                });
            }
        } catch (IOException refused) {
            throw failed("chown " + path, refused);
        }
        return NULL;
    }

    private List<String> affected(String path, boolean recursive) throws IOException {
        List<String> all = new ArrayList<>(List.of(path));
        for (int next = 0; recursive && next < all.size(); next++) {
            all.addAll(files.children(all.get(next)));
        }
        return all;
    }

    /** The number of a name, from the files of the place itself. */
    private int id(String table, String name, String kind) throws CommandException {
        try {
            return files.visit(table, Files::readAllLines).stream().map(line -> line.split(":"))
                    .filter(fields -> fields.length > 2 && fields[0].equals(name) && fields[2].matches("\\d{1,9}"))
                    .findFirst().map(fields -> Integer.parseInt(fields[2])).orElseThrow(() -> unknown(kind, name));
        } catch (IOException unreadable) {
            throw unknown(kind, name);
        }
    }

    private static CommandException unknown(String kind, String name) {
        return new CommandException(CommandException.FAILED, kind + ": unknown " + kind + " " + name);
    }

    static CommandException failed(String operation, IOException reason) {
        return new CommandException(CommandException.FAILED, operation + ": " + text(reason));
    }

    /** The operating system's words, as Go writes them: in lower case. */
    private static String text(IOException broken) {
        if (broken instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (broken instanceof FileAlreadyExistsException) {
            return "file exists";
        }
        String reason = broken instanceof FileSystemException specific && specific.getReason() != null
                ? specific.getReason()
                : broken instanceof FileSystemException ? "permission denied" : String.valueOf(broken.getMessage());
        return reason.substring(0, Math.min(1, reason.length())).toLowerCase(Locale.ROOT)
                + reason.substring(Math.min(1, reason.length()));
    }
}
