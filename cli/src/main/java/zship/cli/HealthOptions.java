package zship.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.HealthConfig;

/** The options for when a service counts as healthy. */
final class HealthOptions {
    @Option(names = "--no-health", description = "check nothing but that the container and its services stay alive")
    private boolean none;

    @Option(names = "--health-port", paramLabel = "PORT", description = "the container's port that is checked (default: the first forwarded one)")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--health-path", paramLabel = "PATH", description = "a path that must answer")
    private Optional<String> path = Optional.empty();

    @Option(names = "--health-status", paramLabel = "STATUS", description = "the status it must answer (default: 200)")
    private Optional<Integer> status = Optional.empty();

    @Option(names = "--health-body", paramLabel = "TEXT", description = "what its body must contain")
    private Optional<String> body = Optional.empty();

    @Option(names = "--health-log", paramLabel = "REGEX", description = "what a line of the service's output must match")
    private Optional<String> log = Optional.empty();

    @Option(names = "--health-command", paramLabel = "CMD", description = "a program in the container that must end with 0, its arguments after spaces")
    private Optional<String> command = Optional.empty();

    @Option(names = "--health-timeout", paramLabel = "TIME", description = "how long it may take to become healthy (default: 30s)")
    private Optional<String> timeout = Optional.empty();

    HealthConfig config() {
        List<String> words = command.map(text -> Arrays.asList(text.strip().split("\\s+"))).orElse(List.of());
        return new HealthConfig(none ? Optional.of(false) : Optional.empty(), port, path, status, body, log, words,
                Optional.empty(), timeout, Optional.empty());
    }
}
