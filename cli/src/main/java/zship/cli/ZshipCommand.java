package zship.cli;

import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import zship.cli.config.Durations;
import zship.cli.config.Folders;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.flist.FlistCommand;
import zship.cli.flist.ZflistCommand;
import zship.cli.hub.HubCommand;
import zship.cli.render.Output;
import zship.cli.render.Progress;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.cli.store.StoreCommand;

/** The {@code zship} command itself: the options that every command has, and the list of commands. */
@Command(name = "zship", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, versionProvider = ZshipCommand.Version.class, sortOptions = false, usageHelpAutoWidth = true, description = "Takes a service from source code to a healthy container on Zero-OS.", footer = {
    "",
    "Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 a prerequisite is unreachable or missing,",
    "4 deployed but not healthy, 5 refused by the other side, 70 a defect of zship, 130 interrupted."}, subcommands = {
        UpCommand.class, BuildCommand.class, PackCommand.class, PublishCommand.class, DeployCommand.class,
        RedeployCommand.class, PsCommand.class, InspectCommand.class, LogsCommand.class, ExecCommand.class,
        HistoryCommand.class, RollbackCommand.class, RmCommand.class, NodeCommand.class, FlistCommand.class,
        ZflistCommand.class,
        StoreCommand.class, HubCommand.class})
final class ZshipCommand implements SessionSource {
    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print JSON lines on the standard output")
    private boolean json;

    @Option(names = "--progress", paramLabel = "MODE", scope = ScopeType.INHERIT, defaultValue = "auto", description = "auto, tty, plain, json or quiet (default: ${DEFAULT-VALUE})")
    private String progress = "auto";

    @Option(names = "--timeout", paramLabel = "TIME", scope = ScopeType.INHERIT, description = "how long to wait for the other side, connecting included, such as 30s or 2m")
    private String timeout = "";

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "print a stack trace with an error")
    private boolean debug;

    private final Folders folders = Folders.of(System.getenv());

    boolean debug() {
        return debug;
    }

    @Override
    public Session session() {
        Progress mode;
        try {
            mode = Progress.of(progress, json, System.console() != null && System.console().isTerminal(),
                    System.getenv());
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot use --progress " + progress, "there is no such mode",
                    "auto, tty, plain, json or quiet");
        }
        Output output = new Output(System.out, System.err, mode, InstantSource.system());
        Duration wait = timeout.isEmpty() ? Duration.ofSeconds(30) : Durations.parse("--timeout", timeout);
        return new Session(folders, System.getenv(), standardInput(), output, wait);
    }

    private static InputStream standardInput() {
        return System.in;
    }

    /** Prints {@code zship 0.1.0}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return List.of("zship " + Session.version()).toArray(String[]::new);
        }
    }
}
