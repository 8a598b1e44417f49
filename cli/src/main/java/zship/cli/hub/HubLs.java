package zship.cli.hub;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubEntry;

/** {@code zship hub ls [REPOSITORY]}. */
@Command(name = "ls", description = "Lists the repositories of a hub, or what is in one of them.")
final class HubLs extends HubCall {
    @Parameters(arity = "0..1", paramLabel = "REPOSITORY", description = "a user of the hub")
    private Optional<String> repository = Optional.empty();

    @Override
    void run(Session session, HubClient hub) {
        if (repository.isEmpty()) {
            List<String> names = hub.repositories();
            session.output().result(Map.of("repositories", names), String.join("\n", names));
            return;
        }
        List<HubEntry> entries = hub.list(repository.get());
        if (session.output().json()) {
            session.output().result(Map.of("entries", entries.stream().map(HubInfo::fields).toList()), "");
        } else {
            session.output().table(List.of("NAME", "TYPE", "SIZE", "TARGET"), entries.stream()
                    .map(it -> List.of(it.name(), it.type(), it.size(), it.target().orElse(""))).toList());
        }
    }
}
