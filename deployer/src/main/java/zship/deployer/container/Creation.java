package zship.deployer.container;

import java.time.Duration;
import java.util.Optional;

import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;

/** Creates one container and knows what a node's answers, and its silence, mean. */
final class Creation {

    private static final String HANGS = "a node hangs for ever on an flist without a database or a wrong storage URL";

    private final NodeClient node;
    private final Containers containers;

    Creation(NodeClient node, Containers containers) {
        this.node = node;
        this.containers = containers;
    }

    int create(ContainerSpec spec, String commandId, Duration timeout) {
        String what = "create container " + spec.name().map(ContainerName::value).orElse("(unnamed)") + " from "
                + spec.root().flist() + " on " + node.place();
        Job job = node.submit(CreateArguments.command(spec).withId(commandId));
        Optional<JobResult> answer = job.tryAwait(timeout);
        if (answer.isEmpty()) {
            throw late(what, spec, timeout);
        }
        JobResult result = answer.get();
        if (!result.success()) {
            throw NodeException.ofResult(kind(result), what, hint(result), result);
        }
        int id = result.json().asInt(0);
        if (id <= 0) {
            throw NodeException.failed(what, "the node answered '" + result.text() + "' instead of a number",
                    "`zship ps` shows what is there");
        }
        return id;
    }

    private NodeException late(String what, ContainerSpec spec, Duration timeout) {
        Optional<Container> stuck = spec.name().flatMap(containers::get).filter(c -> !c.started());
        String why = "no answer within " + timeout.toSeconds() + " s";
        return stuck.map(c -> NodeException.failed(what,
                why + "; " + c.label() + " is registered but never started: " + HANGS,
                "check the flist and its storage; only a restart of the node frees the name"))
                .orElseGet(() -> NodeException.failed(what, why, "`zship ps` shows whether it came after all"));
    }

    private static NodeException.Kind kind(JobResult result) {
        return switch (result.code().meaning()) {
            case BAD_REQUEST, NOT_FOUND, PRECONDITION, UNAVAILABLE -> NodeException.Kind.REFUSED;
            default -> result.text().startsWith("mount-") ? NodeException.Kind.REFUSED : NodeException.Kind.FAILED;
        };
    }

    private static String hint(JobResult result) {
        String text = result.text();
        if (text.startsWith("mount-root-flist(") || text.startsWith("mount-bind-flist(")) {
            return "the node itself must reach the flist; try its URL from there";
        }
        if (text.startsWith("port ")) {
            return "`zship ps` shows who has the port; choose another with -p";
        }
        return result.code().meaning() == zship.deployer.node.ResultCode.Meaning.UNAVAILABLE
                ? "remove containers first: `zship ps`, `zship rm NAME`"
                : "correct the value and try again";
    }
}
