package zship.cli.completion;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.DeployException;
import zship.deployer.container.Container;

/** {@code zship completion SHELL}: what makes a shell complete zship's command lines. */
@Command(name = "completion", description = "Prints what makes a shell complete commands, options and the names of containers.")
public final class CompletionCommand implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "completion needs one of: bash, zsh, fish");
    }

    @Command(description = "For bash: source <(zship completion bash)")
    int bash() {
        return print("bash", script().bash());
    }

    @Command(description = "For zsh: source <(zship completion zsh)")
    int zsh() {
        return print("zsh", script().zsh());
    }

    @Command(description = "For fish: zship completion fish | source")
    int fish() {
        return print("fish", script().fish());
    }

    /** What the scripts call while somebody types: an error would only disturb. */
    @Command(hidden = true, description = "The names of the node's containers, none when it does not answer.")
    int names(@Mixin NodeOptions node) {
        Session session = session();
        List<String> names;
        try (NodeAccess access = node.open(session.withTimeout(PATIENCE))) {
            names = access.containers().list().stream().map(Container::name).filter(name -> !name.isEmpty()).sorted()
                    .toList();
        } catch (CliException | DeployException unreachable) {
            names = List.of();
        }
        session.output().result(Map.of("names", names), String.join("\n", names));
        return ExitCode.OK;
    }

    private int print(String shell, String script) {
        session().output().result(Map.of("shell", shell, "script", script), script.stripTrailing());
        return ExitCode.OK;
    }

    private Script script() {
        return new Script(Place.below(spec.root()));
    }

    private Session session() {
        return ((SessionSource) spec.root().userObject()).session();
    }
}
