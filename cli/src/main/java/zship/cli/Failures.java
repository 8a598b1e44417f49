package zship.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import zship.builder.BuildException;
import zship.cli.config.Folders;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.deployer.DeployException;
import zship.deployer.health.HealthException;
import zship.deployer.health.ProbeResult;
import zship.flist.FlistException;
import zship.flist.hub.HubException;
import zship.flist.store.StoreException;
import zship.localnode.LocalNodeException;

/** Turns the exceptions of all modules into what a user is shown. */
final class Failures {

    private static final int PROBES = 4;
    private static final int OUTPUT_LINES = 10;

    private Failures() {
    }

    static Failure of(Throwable exception, Folders folders) {
        return switch (exception) {
            case CliException e -> e.failure();
            case BuildException e -> new Failure(switch (e.kind()) {
                case USAGE -> ExitCode.USAGE;
                case PREREQUISITE -> ExitCode.PREREQUISITE;
                case FAILED -> ExitCode.FAILED;
            }, cannot(e.what()), e.why(), e.hint());
            case FlistException e -> new Failure(switch (e.kind()) {
                case NOT_FOUND -> ExitCode.USAGE;
                case DAMAGED, CHUNK_MISSING, CHUNK_ALTERED -> ExitCode.REFUSED;
                case PREREQUISITE -> ExitCode.PREREQUISITE;
                case FAILED -> ExitCode.FAILED;
            }, cannot(e.what()), e.why(), e.hint());
            case StoreException e -> new Failure(switch (e.kind()) {
                case UNREACHABLE -> ExitCode.PREREQUISITE;
                case REFUSED -> ExitCode.REFUSED;
                case USAGE -> ExitCode.USAGE;
            }, cannot(e.what()), e.why(), e.hint());
            case HubException e -> new Failure(switch (e.kind()) {
                case UNREACHABLE -> ExitCode.PREREQUISITE;
                case UNAUTHORIZED, CHUNKS_MISSING, NOT_FOUND, REFUSED -> ExitCode.REFUSED;
                case USAGE -> ExitCode.USAGE;
            }, cannot(e.what()), e.why(), e.hint());
            case HealthException e -> new Failure(ExitCode.UNHEALTHY, cannot(e.what()), report(e), e.hint());
            case DeployException e -> new Failure(switch (e.kind()) {
                case USAGE -> ExitCode.USAGE;
                case UNREACHABLE -> ExitCode.PREREQUISITE;
                case REFUSED -> ExitCode.REFUSED;
                case UNHEALTHY -> ExitCode.UNHEALTHY;
                case FAILED -> ExitCode.FAILED;
                case INTERRUPTED -> ExitCode.INTERRUPTED;
            }, cannot(e.what()), e.why(), e.hint());
            case LocalNodeException e -> new Failure(switch (e.kind()) {
                case PREREQUISITE -> ExitCode.PREREQUISITE;
                case FAILED -> ExitCode.FAILED;
            }, cannot(e.what()), e.why(), e.hint());
            default -> defect(exception, folders);
        };
    }

    /** What does not hold, then the last probes, what listens inside, and the service's last words. */
    private static String report(HealthException e) {
        List<ProbeResult> probes = e.report().probes();
        StringBuilder text = new StringBuilder(e.why()).append('\n');
        if (!probes.isEmpty()) {
            text.append("probes:\n");
            probes.subList(Math.max(0, probes.size() - PROBES), probes.size()).forEach(probe -> text.append(
                    "  %5.1fs %s: %s%n".formatted(probe.at().toMillis() / 1000.0, probe.check(), probe.detail())));
        }
        if (!e.report().sockets().isEmpty()) {
            text.append("listening inside: ").append(String.join(", ", e.report().sockets())).append('\n');
        }
        e.report().lastOutput().ifPresent(output -> text.append("last output:\n").append(lastLines(output)));
        return text.toString().stripTrailing();
    }

    private static String lastLines(String output) {
        List<String> lines = output.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size())).indent(2);
    }

    /** Modules say what was tried, such as "read x"; a user is told that it did not work. */
    private static String cannot(String tried) {
        return "cannot " + tried;
    }

    /** A defect of zship: the trace goes to a file, the user gets its name. */
    private static Failure defect(Throwable exception, Folders folders) {
        Path log = folders.state().resolve("logs").resolve("defect.log");
        String where;
        try {
            Files.createDirectories(log.getParent());
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(log))) {
                writer.println(Instant.now());
                exception.printStackTrace(writer);
            }
            where = "report it with the log " + log;
        } catch (IOException e) {
            where = "run the command again with --debug and report what it prints";
        }
        return new Failure(ExitCode.DEFECT, "zship met a defect of its own",
                String.valueOf(exception.getMessage()), where);
    }
}
