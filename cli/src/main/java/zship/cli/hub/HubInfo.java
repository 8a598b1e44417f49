package zship.cli.hub;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import zship.cli.session.Session;
import zship.flist.edit.Passwords;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubEntry;
import zship.flist.hub.HubTree;

/** {@code zship hub info REPOSITORY/NAME}. */
@Command(name = "info", description = "Shows what a hub knows of an flist or a link, and what is in it.")
final class HubInfo extends HubReading {
    @Parameters(paramLabel = "REPOSITORY/NAME", description = "the flist")
    private String place = "";

    @Override
    Runnable read(Session session, HubClient hub) {
        List<String> parts = parts(place);
        HubEntry entry = hub.info(parts.get(0), parts.get(1));
        HubTree tree = hub.tree(parts.get(0), parts.get(1));
        Map<String, Object> fields = fields(entry);
        fields.put("files", tree.files());
        fields.put("links", tree.links());
        fields.put("directories", tree.directories());
        fields.put("special", tree.special());
        fields.put("bytes", tree.bytes());
        Map<String, String> metadata = hub.metadata(parts.get(0), parts.get(1));
        metadata.replaceAll(Passwords::masked);
        fields.put("metadata", metadata);
        return () -> session.output().result(fields,
                fields.entrySet().stream().map(it -> it.getKey() + ": " + it.getValue())
                        .collect(Collectors.joining("\n")));
    }

    static Map<String, Object> fields(HubEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", entry.name());
        fields.put("type", entry.type());
        fields.put("size", entry.size());
        fields.put("updated", entry.updated());
        entry.target().ifPresent(target -> fields.put("target", target));
        entry.md5().ifPresent(md5 -> fields.put("md5", md5));
        return fields;
    }
}
