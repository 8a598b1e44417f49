package zship.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.render.Output;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.ContainerName;
import zship.deployer.rollout.History;
import zship.deployer.rollout.HistoryEntry;

/** {@code zship history NAME}: what was deployed when, oldest first; of secrets only the names are known. */
@Command(name = "history", description = "Lists what was deployed when, oldest first.")
final class HistoryCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Mixin
    private NodeOptions node;

    @Parameters(paramLabel = "NAME", description = "the name of an app, such as icecast2")
    private String name = "";

    @Override
    public Integer call() {
        Session session = root.session();
        try (NodeAccess access = node.open(session)) {
            List<HistoryEntry> entries = History
                    .of(session.folders().state(), access.client().address(), ContainerName.of(name).value()).entries();
            if (entries.isEmpty()) {
                throw new CliException(ExitCode.FAILED, "there is no history of " + name,
                        "nothing of that name was deployed on " + access.client().address().hostAndPort()
                                + " from this account",
                        "zship ps lists the containers");
            }
            print(session.output(), entries);
            return ExitCode.OK;
        }
    }

    private void print(Output output, List<HistoryEntry> entries) {
        if (output.json()) {
            output.result(Map.of("name", name, "deployments", entries.stream().map(HistoryCommand::fields).toList()),
                    "");
            return;
        }
        output.table(List.of("NUMBER", "TIME", "OUTCOME", "CONTAINER", "FLIST"), entries.stream().map(
                e -> fields(e).values().stream().limit(5).map(Object::toString).toList()).toList());
    }

    static Map<String, Object> fields(HistoryEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("number", entry.number());
        fields.put("time", entry.time().toString());
        fields.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
        fields.put("container", entry.containerId());
        fields.put("flist", entry.flist());
        fields.put("secrets", entry.secretNames().stream().sorted().toList());
        return fields;
    }
}
