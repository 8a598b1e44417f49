package zship.cli;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

import zship.cli.completion.CompletionCommand;
import zship.cli.config.Durations;
import zship.cli.config.Folders;
import zship.cli.doctor.DoctorCommand;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.flist.FlistCommand;
import zship.cli.flist.ZflistCommand;
import zship.cli.hub.HubCommand;
import zship.cli.render.Output;
import zship.cli.render.Progress;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.cli.session.Terminal;
import zship.cli.store.StoreCommand;
import zship.flist.store.StorePatience;

/** The {@code zship} command itself: the options that every command has, and the list of commands. */
@Command(name = "zship", scope = ScopeType.INHERIT, mixinStandardHelpOptions = true, versionProvider = ZshipCommand.Version.class, sortOptions = false, usageHelpAutoWidth = true, description = "Takes a service from source code to a healthy container on Zero-OS.", footer = {
    "",
    "Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 a prerequisite is unreachable or missing,",
    "4 deployed but not healthy, 5 refused by the other side, 10 plan found changes, 70 a defect of zship,",
    "130 interrupted."})
final class ZshipCommand implements SessionSource {

    /** The commands, in the order of the help. */
    static final List<Class<?>> COMMANDS = List.of(UpCommand.class, PlanCommand.class, BuildCommand.class,
            PackCommand.class, PublishCommand.class, DeployCommand.class, RedeployCommand.class, PsCommand.class,
            InspectCommand.class, LogsCommand.class, ExecCommand.class, HistoryCommand.class, RollbackCommand.class,
            LsCommand.class, CatCommand.class, PortCommand.class, RmCommand.class, SmokeCommand.class,
            NodeCommand.class, FlistCommand.class, ZflistCommand.class, ConfigCommand.class, DoctorCommand.class,
            CompletionCommand.class, ExportCommand.class, StoreCommand.class, HubCommand.class);

    private static final String PROGRESS_VARIABLE = "ZSHIP_PROGRESS";
    private static final String TIMEOUT_VARIABLE = "ZSHIP_TIMEOUT";
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print JSON lines on the standard output")
    private boolean json;

    @Option(names = "--progress", paramLabel = "MODE", scope = ScopeType.INHERIT, description = "auto, tty, plain, json or quiet (default: $ZSHIP_PROGRESS, else auto)")
    private String progress = "";

    @Option(names = "--timeout", paramLabel = "TIME", scope = ScopeType.INHERIT, description = "how long to wait for the other side, connecting included, such as 30s or 2m (default: $ZSHIP_TIMEOUT, else 30s)")
    private String timeout = "";

    @Option(names = {"-v",
        "--verbose"}, scope = ScopeType.INHERIT, description = "explain what is done and why, on the standard error")
    private boolean verbose;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "print a stack trace with an error")
    private boolean debug;

    private final Terminal terminal;
    private final Folders folders;

    ZshipCommand(Terminal terminal) {
        this.terminal = terminal;
        this.folders = Folders.of(terminal.environment());
    }

    boolean debug() {
        return debug;
    }

    @Override
    public Session session() {
        Optional<Duration> patience = patience();
        Output plain = new Output(terminal.out(), terminal.err(), mode(), InstantSource.system());
        return new Session(folders, terminal.environment(), terminal.input(), verbose ? plain.explaining() : plain,
                patience.orElse(USUAL_TIMEOUT), patience.map(StorePatience::of).orElse(StorePatience.USUAL));
    }

    /** Where errors go, whatever else is wrong with the shared options. */
    Output errors() {
        boolean lines = json || wantedProgress().equalsIgnoreCase("json");
        return new Output(terminal.out(), terminal.err(),
                Progress.of("auto", lines, terminal.interactive(), terminal.environment()), InstantSource.system());
    }

    Folders folders() {
        return folders;
    }

    private String wantedProgress() {
        return progress.isEmpty() ? variable(PROGRESS_VARIABLE) : progress;
    }

    private Progress mode() {
        String wanted = wantedProgress();
        String place = progress.isEmpty() ? PROGRESS_VARIABLE : "--progress";
        try {
            return Progress.of(wanted.isEmpty() ? "auto" : wanted, json, terminal.interactive(),
                    terminal.environment());
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot use " + place + " " + wanted, "there is no such mode",
                    "auto, tty, plain, json or quiet");
        }
    }

    private Optional<Duration> patience() {
        if (!timeout.isEmpty()) {
            return Optional.of(Durations.parse("--timeout", timeout));
        }
        String set = variable(TIMEOUT_VARIABLE);
        return set.isEmpty() ? Optional.empty() : Optional.of(Durations.parse(TIMEOUT_VARIABLE, set));
    }

    private String variable(String name) {
        return terminal.environment().getOrDefault(name, "");
    }

    /** Prints {@code zship 0.1.0}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return List.of("zship " + Session.version()).toArray(String[]::new);
        }
    }
}
