package zship.cli.hub;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubEntry;

/** {@code zship hub ls [REPOSITORY[/tags/TAG]]}. */
@Command(name = "ls", description = "Lists the repositories of a hub, what is in one of them, or what is in a tag.")
final class HubLs extends HubReading {
    private static final String TAGS = "/tags/";

    @Parameters(arity = "0..1", paramLabel = "REPOSITORY[/tags/TAG]", description = "a user of the hub, or a tag")
    private Optional<String> place = Optional.empty();

    @Override
    Runnable read(Session session, HubClient hub) {
        Output output = session.output();
        if (place.isEmpty()) {
            List<String> names = hub.repositories();
            return () -> output.result(Map.of("repositories", names), String.join("\n", names));
        }
        String name = place.get();
        int tag = name.indexOf(TAGS);
        List<HubEntry> entries = tag < 0
                ? hub.list(name)
                : hub.tagged(name.substring(0, tag), name.substring(tag + TAGS.length()));
        return () -> show(output, entries);
    }

    private static void show(Output output, List<HubEntry> entries) {
        if (output.json()) {
            output.result(Map.of("entries", entries.stream().map(HubInfo::fields).toList()), "");
        } else {
            output.table(List.of("NAME", "TYPE", "SIZE", "TARGET"), entries.stream()
                    .map(it -> List.of(it.name(), it.type(), it.size(), it.target().orElse(""))).toList());
        }
    }
}
