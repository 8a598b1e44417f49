package zship.cli.flist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.LinkEntry;
import zship.flist.TreePath;

/** What zflist of 2018 and 2019 printed. */
final class ZflistText {
    private final Output output;
    private final Flist flist;

    ZflistText(Output output, Flist flist) {
        this.output = output;
        this.flist = flist;
    }

    /** The summary for programs: one object and nothing else. */
    int counted() {
        Map<String, Object> fields = new LinkedHashMap<>(counts());
        fields.put("failure", 0);
        output.result(fields, JsonMapper.shared().writeValueAsString(fields));
        return ExitCode.OK;
    }

    int summary() {
        Map<String, Integer> counts = counts();
        long[] bytes = new long[1];
        flist.walk((path, entry) -> bytes[0] += entry instanceof FileEntry file ? file.size() : 0);
        List<String> lines = new ArrayList<>(List.of("[+]", "[+] flist creation summary:"));
        counts.forEach((name, count) -> lines.add("[+]   flist: %-9s: %d".formatted(name, count)));
        lines.add("[+]   flist: failure  : 0");
        lines.add("[+]   flist: full size: " + bytes[0] + " bytes");
        lines.add("[+]");
        output.result(Map.copyOf(counts), String.join("\n", lines));
        return ExitCode.OK;
    }

    int json() {
        List<Map<String, Object>> content = new ArrayList<>();
        list(TreePath.ROOT, flist.root(), content);
        Map<String, Object> all = new LinkedHashMap<>(counts());
        all.put("content", content);
        output.result(all, JsonMapper.shared().writeValueAsString(all));
        return ExitCode.OK;
    }

    /** What is in a directory comes before the directory, as zflist listed it. */
    private static void list(TreePath path, Directory directory, List<Map<String, Object>> content) {
        for (Entry entry : directory.entries()) {
            TreePath below = path.resolve(entry.name());
            if (entry instanceof Directory inner) {
                list(below, inner, content);
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", below.toString());
            fields.put("size", entry instanceof FileEntry ? entry.size() : 0);
            if (entry instanceof LinkEntry link) {
                fields.put("target", link.targetText());
            }
            content.add(fields);
        }
    }

    int tree() {
        List<String> lines = new ArrayList<>();
        flist.walk((path, entry) -> lines.add("  ".repeat(path.depth() - 1) + entry.name()
                + (entry instanceof Directory ? "/" : "")));
        output.result(Map.of("lines", lines), String.join("\n", lines));
        return ExitCode.OK;
    }

    int blocks() {
        List<String> lines = new ArrayList<>();
        flist.walk((path, entry) -> {
            if (entry instanceof FileEntry file) {
                lines.add(path.toString());
                file.blocks().forEach(block -> {
                    lines.add("  hash: " + block.id());
                    lines.add("  key : " + block.key());
                });
            }
        });
        output.result(Map.of("lines", lines), String.join("\n", lines));
        return ExitCode.OK;
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List.of("regular", "symlink", "directory", "special").forEach(name -> counts.put(name, 0));
        flist.walk((path, entry) -> counts.merge(switch (entry) {
            case FileEntry it -> "regular";
            case LinkEntry it -> "symlink";
            case Directory it -> "directory";
            default -> "special";
        }, 1, Integer::sum));
        return counts;
    }
}
