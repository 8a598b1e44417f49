package zship.cli.config;

import java.util.List;
import java.util.Optional;

/**
 * When a service counts as healthy, as far as its recipe does not say it.
 *
 * @param enabled whether anything but the life of its services is checked
 * @param port the container's port that is checked
 * @param path the path that must answer
 * @param status the status it must answer
 * @param body what its body must contain
 * @param log a regular expression that a line of the service's output must match
 * @param command a program in the container that must end with status 0, and its arguments
 * @param stream whether an Icecast must also carry a stream
 * @param timeout how long it may take, such as {@code 30s}
 * @param interval the pause between two probes, such as {@code 250ms}
 */
public record HealthConfig(Optional<Boolean> enabled, Optional<Integer> port, Optional<String> path,
        Optional<Integer> status, Optional<String> body, Optional<String> log, List<String> command,
        Optional<Boolean> stream, Optional<String> timeout, Optional<String> interval) {

    /** Nothing set. */
    public static final HealthConfig EMPTY = new HealthConfig(Optional.empty(), Optional.empty(), Optional.empty(),
            Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(),
            Optional.empty());

    /** Copies the list. */
    public HealthConfig {
        command = List.copyOf(command);
    }

    /** The same with this path and time limit. */
    HealthConfig with(Optional<String> otherPath, String otherTimeout) {
        return new HealthConfig(enabled, port, otherPath, status, body, log, command, stream,
                Optional.of(otherTimeout), interval);
    }

    /** These settings where they are set, else those below. */
    HealthConfig over(HealthConfig below) {
        return new HealthConfig(enabled.or(below::enabled), port.or(below::port), path.or(below::path),
                status.or(below::status), body.or(below::body), log.or(below::log),
                command.isEmpty() ? below.command : command, stream.or(below::stream), timeout.or(below::timeout),
                interval.or(below::interval));
    }
}
