package zship.cli.flist;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.LinkEntry;
import zship.flist.Permissions;
import zship.flist.SpecialEntry;
import zship.flist.TreePath;

/** Paths and entries of an flist as people and programs see them. */
final class Trees {
    private Trees() {
    }

    /** A path as typed: bytes that are not UTF-8 are written {@code \xHH}, as they are shown. */
    static TreePath path(String text) {
        try {
            return TreePath.ofShown(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot use the path " + text, String.valueOf(e.getMessage()),
                    "name a path inside the flist, such as /etc/passwd");
        }
    }

    static Entry require(Flist flist, TreePath path) {
        return flist.lookup(path).orElseThrow(() -> new CliException(ExitCode.FAILED, "cannot find " + path,
                "the flist has no such entry", "zship flist ls FILE " + path.parent().orElse(TreePath.ROOT)));
    }

    static Directory directory(Flist flist, TreePath path) {
        if (require(flist, path) instanceof Directory directory) {
            return directory;
        }
        throw new CliException(ExitCode.FAILED, "cannot use " + path + " as a directory", "it is none",
                "zship flist stat FILE " + path);
    }

    static FileEntry file(Flist flist, TreePath path) {
        if (require(flist, path) instanceof FileEntry file) {
            return file;
        }
        throw new CliException(ExitCode.FAILED, "cannot read " + path, "it is not a regular file",
                "zship flist stat FILE " + path);
    }

    /** The letter that {@code ls -l} and {@code find -type} know; regular files are {@code f} to find, {@code -} to ls. */
    static char letter(Entry entry) {
        return switch (entry) {
            case Directory it -> 'd';
            case FileEntry it -> 'f';
            case LinkEntry it -> 'l';
            case SpecialEntry it -> switch (it.kind()) {
                case SOCKET -> 's';
                case BLOCK -> 'b';
                case CHARACTER -> 'c';
                case FIFO -> 'p';
                case UNKNOWN -> '?';
            };
        };
    }

    static String type(Entry entry) {
        return switch (letter(entry)) {
            case 'd' -> "directory";
            case 'f' -> "file";
            case 'l' -> "link";
            case 's' -> "socket";
            case 'b' -> "block device";
            case 'c' -> "character device";
            case 'p' -> "fifo";
            default -> "unknown";
        };
    }

    static Map<String, Object> fields(TreePath path, Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Permissions permissions = entry.permissions();
        fields.put("path", path.toString());
        fields.put("type", type(entry));
        fields.put("size", entry.size());
        fields.put("mode", "%04o".formatted(permissions.mode()));
        fields.put("user", permissions.user());
        fields.put("group", permissions.group());
        fields.put("uid", permissions.uid());
        fields.put("gid", permissions.gid());
        fields.put("modified", entry.attributes().modified());
        fields.put("created", entry.attributes().created());
        if (entry instanceof LinkEntry link) {
            fields.put("target", link.targetText());
        }
        if (entry instanceof SpecialEntry special && special.kind().isDevice()) {
            fields.put("device", special.major() + "," + special.minor());
        }
        if (entry instanceof FileEntry file) {
            fields.put("pieceSize", file.pieceSize());
            fields.put("chunks", file.blocks().stream()
                    .map(block -> Map.of("id", block.id().toString(), "key", block.key().toString())).toList());
        }
        return fields;
    }

    /** Text that others have written as it can be printed: control characters as {@code \\xHH}. */
    static String visible(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) ? "\\x%02x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** Type and rights, owners, size or device, time. */
    static List<String> columns(Entry entry) {
        Permissions permissions = entry.permissions();
        char letter = letter(entry);
        String size = entry instanceof SpecialEntry special && special.kind().isDevice()
                ? special.major() + "," + special.minor()
                : Long.toString(entry.size());
        return List.of((letter == 'f' ? '-' : letter) + permissions.modeText(), visible(permissions.user()),
                visible(permissions.group()), size, Instant.ofEpochSecond(entry.attributes().modified()).toString());
    }
}
