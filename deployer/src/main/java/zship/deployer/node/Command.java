package zship.deployer.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import zship.flist.Secret;

/**
 * One command for a node or a container, as it goes into the queue. Arguments are texts, numbers, booleans, null, lists,
 * maps, and {@link Secret}s, which become texts only on the wire.
 *
 * @param name the command, such as {@code core.ping}
 * @param arguments its arguments; sent as {@code {}} when there are none, because most commands of a node crash without
 * @param id the job id; made by the client when empty. The same id twice runs once, until 300 s after the job's end
 * @param tags tags of the job; those of {@code corex.create} become the container's
 * @param options everything else of the envelope
 */
public record Command(String name, Map<String, @Nullable Object> arguments, Optional<String> id, List<String> tags,
        Options options) {

    /**
     * The envelope fields that say how a job runs.
     *
     * @param queue commands of one queue run one after the other; empty for none
     * @param maxTime whole seconds after which a process is killed; zero for none. Commands built into the node go on
     * @param maxRestart how often a failing command runs in all; zero for once
     * @param recurringPeriod seconds after each end until it runs again; zero for never
     * @param stream whether every message is copied to the job's stream
     * @param logLevels levels that are logged; accepted by the node, without effect in the release of July 2019
     */
    public record Options(String queue, Duration maxTime, int maxRestart, Duration recurringPeriod, boolean stream,
            List<Integer> logLevels) {

        /** Nothing special. */
        public static final Options NONE = new Options("", Duration.ZERO, 0, Duration.ZERO, false, List.of());

        /** Copies the list. */
        public Options {
            logLevels = List.copyOf(logLevels);
        }
    }

    /** Copies the collections. */
    public Command {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
        tags = List.copyOf(tags);
    }

    /** A command without arguments. */
    public static Command of(String name) {
        return new Command(name, Map.of(), Optional.empty(), List.of(), Options.NONE);
    }

    /** The same with one argument more. */
    public Command with(String key, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(arguments);
        more.put(key, value);
        return new Command(name, more, id, tags, options);
    }

    /** The same with this job id. */
    public Command withId(String value) {
        return new Command(name, arguments, Optional.of(value), tags, options);
    }

    /** The same with these tags. */
    public Command withTags(List<String> value) {
        return new Command(name, arguments, id, value, options);
    }

    /** The same, run one after the other with all commands of this queue. */
    public Command inQueue(String queue) {
        return withOptions(new Options(queue, options.maxTime, options.maxRestart, options.recurringPeriod,
                options.stream, options.logLevels));
    }

    /** The same, killed after this time. */
    public Command withMaxTime(Duration value) {
        return withOptions(new Options(options.queue, value, options.maxRestart, options.recurringPeriod,
                options.stream, options.logLevels));
    }

    /** The same with its output copied to a stream. */
    public Command streaming() {
        return withOptions(new Options(options.queue, options.maxTime, options.maxRestart, options.recurringPeriod,
                true, options.logLevels));
    }

    /** The same with these options. */
    public Command withOptions(Options value) {
        return new Command(name, arguments, id, tags, value);
    }

    /**
     * The envelope as the node reads it.
     *
     * @throws IllegalStateException when there is no id
     */
    public Map<String, @Nullable Object> envelope() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id.orElseThrow(() -> new IllegalStateException("a command needs an id before it is sent")));
        fields.put("command", name);
        fields.put("arguments", arguments);
        if (!options.queue.isEmpty()) {
            fields.put("queue", options.queue);
        }
        if (options.maxTime.isPositive()) {
            fields.put("max_time", Math.max(1, options.maxTime.toSeconds()));
        }
        if (options.maxRestart > 0) {
            fields.put("max_restart", options.maxRestart);
        }
        if (options.recurringPeriod.isPositive()) {
            fields.put("recurring_period", Math.max(1, options.recurringPeriod.toSeconds()));
        }
        if (options.stream) {
            fields.put("stream", true);
        }
        if (!options.logLevels.isEmpty()) {
            fields.put("log_levels", new ArrayList<@Nullable Object>(options.logLevels));
        }
        if (!tags.isEmpty()) {
            fields.put("tags", new ArrayList<@Nullable Object>(tags));
        }
        return fields;
    }
}
