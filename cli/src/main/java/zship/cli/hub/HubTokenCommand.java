package zship.cli.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import zship.cli.config.Durations;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.Secret;
import zship.flist.disk.DiskFaults;
import zship.localnode.hub.HubTokens;
import zship.localnode.process.PrivateFiles;

/** {@code zship hub token}. */
@Command(name = "token", description = "Makes a token for zship hub serve --tokens FILE and writes it to a file that only you can read.")
final class HubTokenCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--tokens", paramLabel = "FILE", required = true, description = "the hub's file of tokens")
    private Path tokens = Path.of("tokens");

    @Option(names = "--valid", paramLabel = "DURATION", defaultValue = "30d", description = "such as 90d or 12h (default: ${DEFAULT-VALUE})")
    private String valid = "30d";

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true, description = "where the token goes")
    private Path output = Path.of("token");

    @Parameters(arity = "1..*", paramLabel = "USER", description = "whose token it is, then others it may act as")
    private List<String> users = new ArrayList<>();

    @Override
    public Integer call() {
        Session session = ((SessionSource) spec.root().userObject()).session();
        Duration duration = Durations.parse("--valid", valid);
        Path target = output.toAbsolutePath();
        if (Files.exists(target)) {
            throw new CliException(ExitCode.USAGE, "cannot write the token to " + output, "the file is there already",
                    "name another file");
        }
        try {
            Secret token = new HubTokens(tokens.toAbsolutePath(), Clock.systemUTC()).issue(users, duration);
            PrivateFiles.write(target, token.expose() + "\n");
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write a token", DiskFaults.reason(e),
                    "check both files' folders");
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot make a token for " + String.join(", ", users),
                    "'" + e.getMessage() + "' is no name of a user",
                    "names have letters, digits, '.', '_' and '-', and start with no dot");
        }
        session.output().result(Map.of("file", target.toString(), "users", users, "valid", valid), output.toString());
        return ExitCode.OK;
    }
}
