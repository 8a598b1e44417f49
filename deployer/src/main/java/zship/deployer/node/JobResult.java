package zship.deployer.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * What a node says about a job that has ended: the result envelope of the protocol.
 *
 * @param id the job's id
 * @param command its command; empty in the result of a whole container
 * @param state how it ended
 * @param code the number it ended with
 * @param output what it gave back
 * @param origin when and where it ran
 */
public record JobResult(String id, String command, JobState state, ResultCode code, Output output, Origin origin) {

    /**
     * What a job gave back.
     *
     * @param level the type of {@code data}
     * @param data the result; a JSON text when the level is JSON
     * @param started whether anything ran: a job that could not start has no streams
     * @param stdout standard output; cut at the front to the last 100 reads, so long outputs need a stream
     * @param stderr standard error, cut alike
     * @param critical the last critical message, or empty
     */
    public record Output(MessageLevel level, String data, boolean started, String stdout, String stderr,
            String critical) {
    }

    /**
     * When and where a job ran.
     *
     * @param startTime when it was started; the epoch for an unknown command
     * @param runTime how long the last run took
     * @param tags the tags of its command
     * @param container the container it ran in; 0 is the node itself
     */
    public record Origin(Instant startTime, Duration runTime, List<String> tags, int container) {

        /** Copies the list. */
        public Origin {
            tags = List.copyOf(tags);
        }
    }

    /**
     * Reads a result envelope.
     *
     * @param text the item of the result list
     * @throws NodeException when it is not one
     */
    public static JobResult parse(String text) {
        JsonNode json = NodeJson.read("a job result", text);
        if (!json.isObject() || !json.path("id").isString() || !json.path("state").isString()) {
            throw NodeException.failed("read a job result", "it has no id or state",
                    "the node may be of another release; `zship node info` shows it");
        }
        JsonNode streams = json.path("streams");
        Output output = new Output(MessageLevel.of(json.path("level").asInt(0)), json.path("data").asString(""),
                streams.isArray(), streams.path(0).asString(""), streams.path(1).asString(""),
                json.path("critical").asString(""));
        List<String> tags = new ArrayList<>();
        json.path("tags").forEach(tag -> tags.add(tag.asString("")));
        Origin origin = new Origin(Instant.ofEpochMilli(json.path("starttime").asLong(0)),
                Duration.ofMillis(json.path("time").asLong(0)), tags, json.path("container").asInt(0));
        return new JobResult(json.path("id").asString(""), json.path("command").asString(""),
                JobState.of(json.path("state").asString("")), new ResultCode(json.path("code").asLong(0)), output,
                origin);
    }

    /** Whether it succeeded. */
    public boolean success() {
        return state == JobState.SUCCESS;
    }

    /**
     * The typed result.
     *
     * @throws NodeException when it is not JSON; a program that prints a line such as {@code 20::x} can do that
     */
    public JsonNode json() {
        return NodeJson.read("the result of " + command, output.data().isEmpty() ? "null" : output.data());
    }

    /** The result as a text: a JSON string without its quotes, anything else as it is. */
    public String text() {
        String data = output.data();
        if (output.level() != MessageLevel.JSON || !data.startsWith("\"")) {
            return data;
        }
        try {
            return json().asString("");
        } catch (NodeException e) {
            // A program that prints a line such as 20::"x makes its own result, which need not be JSON.
            return data;
        }
    }

    /** Why it did not succeed, in words for a user, taken from wherever the node put them. */
    public String failure() {
        String text = text().strip();
        if (state == JobState.UNKNOWN_CMD) {
            return "the node does not know the command '" + command + "'";
        }
        if (state == JobState.TIMEOUT && text.isEmpty()) {
            return "killed by the node after its time limit";
        }
        if (!text.isEmpty() && (output.level() != MessageLevel.NONE || !output.started())) {
            return text;
        }
        String words = output.critical().isBlank() ? lastLine(output.stderr()) : output.critical().strip();
        return words.isEmpty() ? ending() : ending() + ": " + words;
    }

    /**
     * This result if it is a success.
     *
     * @param what what was tried, for the message
     * @param hint what to do when it was not
     * @throws NodeException of kind FAILED or, for errors of class 4xx and 503, REFUSED
     */
    public JobResult orThrow(String what, String hint) {
        if (success()) {
            return this;
        }
        boolean refused = switch (code.meaning()) {
            case BAD_REQUEST, NOT_FOUND, PRECONDITION, UNAVAILABLE -> true;
            default -> false;
        };
        throw NodeException.ofResult(refused ? NodeException.Kind.REFUSED : NodeException.Kind.FAILED, what, hint,
                this);
    }

    /** Standard output and standard error, one after the other. */
    public Optional<String> streams() {
        String both = output.stdout() + output.stderr();
        return both.isEmpty() ? Optional.empty() : Optional.of(both);
    }

    private String ending() {
        return switch (code.meaning()) {
            case EXIT -> "exit status " + code.exitStatus().orElse(0);
            case SIGNAL -> "ended by a signal";
            default -> "state " + state + ", code " + code.value();
        };
    }

    private static String lastLine(String text) {
        String stripped = text.strip();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }
}
