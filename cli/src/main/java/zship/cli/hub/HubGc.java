package zship.cli.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import zship.cli.config.Durations;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.Flist;
import zship.flist.chunk.ChunkId;
import zship.flist.hub.CollectedChunks;
import zship.flist.hub.HubClient;

/** {@code zship hub gc}. */
@Command(name = "gc", description = "Removes the chunks of a local hub's store that no flist names and nobody wanted lately.")
final class HubGc extends HubCall {
    @Option(names = "--dry-run", description = "only say what would go")
    private boolean dryRun;

    @Option(names = "--older-than", paramLabel = "DURATION", defaultValue = "24h", description = "how long nobody must have written or asked for a chunk (default: ${DEFAULT-VALUE})")
    private String age = "24h";

    @Option(names = "--keep", paramLabel = "FILE", description = "an flist that is not on the hub and whose chunks stay (repeatable)")
    private List<Path> kept = new ArrayList<>();

    @Override
    void run(Session session, HubClient hub) {
        Set<ChunkId> ids = new TreeSet<>();
        kept.forEach(file -> ids.addAll(Flist.open(file).chunkIds()));
        CollectedChunks found = hub.collectChunks(dryRun, Durations.parse("--older-than", age), ids);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("removed", !dryRun);
        fields.put("flists", found.flists());
        fields.put("needed", found.needed());
        fields.put("young", found.young());
        fields.put("unneeded", found.unneeded());
        fields.put("bytes", found.bytes());
        fields.put("ids", found.ids());
        session.output().result(fields, "%s %d chunks (%s); %d flists need %d, %d are younger than %s".formatted(
                dryRun ? "would remove" : "removed", found.unneeded(), Sizes.bytes(found.bytes()), found.flists(),
                found.needed(), found.young(), age));
    }
}
