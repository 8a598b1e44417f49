package zship.cli.flist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.Flist;
import zship.flist.LinkEntry;
import zship.flist.TreePath;

/** {@code ls}, {@code find} and {@code stat}. */
final class Listing {
    private final Output output;
    private final Flist flist;

    private record Found(TreePath path, Entry entry) {
    }

    Listing(Session session, Path file) {
        this.output = session.output();
        this.flist = Flist.open(file);
    }

    int list(String text, boolean all, boolean recursive) {
        TreePath path = Trees.path(text);
        Entry entry = Trees.require(flist, path);
        List<Found> found = new ArrayList<>();
        if (entry instanceof Directory directory) {
            collect(path, directory, recursive, found);
        } else {
            found.add(new Found(path, entry));
        }
        if (!output.json()) {
            print(found, all, recursive);
        }
        return finish(found);
    }

    int find(String text, EntryFilter filter) {
        TreePath path = Trees.path(text);
        List<Found> found = new ArrayList<>();
        Entry entry = Trees.require(flist, path);
        found.add(new Found(path, entry));
        if (entry instanceof Directory directory) {
            collect(path, directory, true, found);
        }
        found.removeIf(it -> !filter.accepts(it.path, it.entry));
        if (!output.json()) {
            found.forEach(it -> output.line(it.path.toString()));
        }
        return finish(found);
    }

    int stat(String text) {
        TreePath path = Trees.path(text);
        Map<String, Object> fields = Trees.fields(path, Trees.require(flist, path));
        List<String> lines = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (value instanceof List<?> chunks) {
                lines.add("%-10s %d".formatted(name, chunks.size()));
                chunks.forEach(chunk -> lines.add("  " + (chunk instanceof Map<?, ?> block
                        ? block.get("id") + " " + block.get("key")
                        : chunk)));
            } else {
                lines.add("%-10s %s".formatted(name, value instanceof String plain ? Trees.visible(plain) : value));
            }
        });
        output.result(fields, String.join("\n", lines));
        return ExitCode.OK;
    }

    private static void collect(TreePath path, Directory directory, boolean recursive, List<Found> found) {
        for (Entry entry : directory.entries()) {
            TreePath below = path.resolve(entry.name());
            found.add(new Found(below, entry));
            if (recursive && entry instanceof Directory inner) {
                collect(below, inner, true, found);
            }
        }
    }

    private void print(List<Found> found, boolean all, boolean recursive) {
        int[] widths = new int[5];
        for (Found it : found) {
            List<String> columns = Trees.columns(it.entry);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], columns.get(i).length());
            }
        }
        for (Found it : found) {
            StringBuilder line = new StringBuilder();
            List<String> columns = all ? Trees.columns(it.entry) : List.of();
            for (int i = 0; i < columns.size(); i++) {
                int gap = widths[i] - columns.get(i).length();
                boolean right = i == 3;
                line.repeat(' ', right ? gap : 0).append(columns.get(i)).repeat(' ', (right ? 0 : gap) + 1);
            }
            line.append(recursive ? it.path : it.path.name().map(Object::toString).orElse("/"));
            if (all && it.entry instanceof LinkEntry link) {
                line.append(" -> ").append(link.targetText());
            }
            output.line(line.toString());
        }
    }

    private int finish(List<Found> found) {
        if (output.json()) {
            found.forEach(it -> output.event("entry", Trees.fields(it.path, it.entry)));
            output.result(Map.of("entries", found.size()), "");
        }
        return ExitCode.OK;
    }
}
