package zship.cli.node;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.node.Facts;

/** {@code zship node ping}. */
@Command(name = "ping", description = "Asks whether the node answers, how fast, and which release it is.")
public final class NodePing implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeOptions node;

    @Override
    public Integer call() {
        Session session = ((SessionSource) spec.root().userObject()).session();
        try (NodeAccess access = node.open(session)) {
            Facts facts = new Facts(access.client());
            facts.version();
            long started = System.nanoTime();
            String version = facts.version();
            double millis = Duration.ofNanos(System.nanoTime() - started).toNanos() / 1e6;
            String address = access.client().address().hostAndPort();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("node", address);
            fields.put("milliseconds", millis);
            fields.put("version", version);
            session.output().result(fields, "%s answers in %.1f ms: %s".formatted(address, millis, version));
        }
        return ExitCode.OK;
    }
}
