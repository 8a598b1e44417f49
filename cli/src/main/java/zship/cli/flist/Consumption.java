package zship.cli.flist;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.TreePath;
import zship.flist.chunk.Block;
import zship.flist.inspect.FlistDiff;
import zship.flist.inspect.Usage;

/** {@code du} and {@code diff}: what an flist costs, alone and against another one. */
final class Consumption {
    private static final int LARGEST = 10;

    private final Output output;
    private final Flist flist;

    private record Sized(TreePath path, FileEntry file) {
    }

    Consumption(Session session, Path file) {
        this.output = session.output();
        this.flist = Flist.open(file);
    }

    int show(String text) {
        TreePath path = Trees.path(text);
        Entry entry = Trees.require(flist, path);
        Usage total = Usage.of(path, entry);
        List<Usage> parts = entry instanceof Directory directory ? Usage.perEntry(path, directory) : List.of(total);
        List<Sized> files = new ArrayList<>();
        collect(path, entry, files);
        files.sort(Comparator.comparingLong((Sized it) -> it.file.size()).reversed()
                .thenComparing(Sized::path));
        Map<List<Block>, Sized> distinct = new LinkedHashMap<>();
        long duplicateBytes = 0;
        for (Sized it : files) {
            if (!it.file.blocks().isEmpty() && distinct.putIfAbsent(it.file.blocks(), it) != null) {
                duplicateBytes += it.file.size();
            }
        }
        if (!output.json()) {
            parts.forEach(part -> output.line("%10s %6d files %6d chunks  %s".formatted(Sizes.bytes(part.bytes()),
                    part.files(), part.chunks(), part.path())));
            files.stream().limit(LARGEST)
                    .forEach(it -> output.line("largest %10s  %s".formatted(Sizes.bytes(it.file.size()), it.path)));
        }
        parts.forEach(part -> output.event("usage", fields(part)));
        files.stream().limit(LARGEST).forEach(it -> output.event("largest",
                Map.of("path", it.path.toString(), "bytes", it.file.size())));
        Map<String, Object> result = fields(total);
        result.put("duplicateBytes", duplicateBytes);
        output.result(result, "%s in %d files, %d distinct chunks; %s are in files that repeat another".formatted(
                Sizes.bytes(total.bytes()), total.files(), total.chunks(), Sizes.bytes(duplicateBytes)));
        return ExitCode.OK;
    }

    int compare(Path other) {
        FlistDiff diff = FlistDiff.between(flist, Flist.open(other));
        for (FlistDiff.Change change : diff.changes()) {
            if (output.json()) {
                output.event("change", Map.of("path", change.path().toString(), "what",
                        change.what().name().toLowerCase(java.util.Locale.ROOT), "oldSize", change.oldSize(), "newSize",
                        change.newSize()));
            } else {
                output.line(switch (change.what()) {
                    case ADDED -> "+ ";
                    case REMOVED -> "- ";
                    case CONTENT -> "c ";
                    case ATTRIBUTES -> "a ";
                } + change.path());
            }
        }
        boolean equal = diff.isEmpty();
        output.result(
                Map.of("equal", equal, "changes", diff.changes().size(), "newChunks", diff.newChunks(), "newBytes",
                        diff.newBytes()),
                equal
                        ? "equal"
                        : "%d changes, %d chunks (%s) to transfer".formatted(diff.changes().size(), diff.newChunks(),
                                Sizes.bytes(diff.newBytes())));
        return equal ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Map<String, Object> fields(Usage usage) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", usage.path().toString());
        fields.put("bytes", usage.bytes());
        fields.put("files", usage.files());
        fields.put("chunks", usage.chunks());
        return fields;
    }

    private static void collect(TreePath path, Entry entry, List<Sized> files) {
        if (entry instanceof FileEntry file) {
            files.add(new Sized(path, file));
        } else if (entry instanceof Directory directory) {
            directory.entries().forEach(below -> collect(path.resolve(below.name()), below, files));
        }
    }
}
