package zship.localnode.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * Reads the JSON envelope of a command. Field names match without case, unknown ones are ignored, null equals absent; a field
 * of the wrong type, or an id that no client would choose, makes the whole envelope unreadable.
 */
public final class Envelope {

    /** The id is part of names that stay as long as the job and 300 s more. */
    private static final int LONGEST_ID = 4096;

    private static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Map<String, JsonNode> fields = new HashMap<>();

    private Envelope(JsonNode object) {
        object.propertyStream().filter(field -> !field.getValue().isNull())
                .forEach(field -> fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
    }

    /** The command of a text; empty when it cannot be decoded. Its id may be empty. */
    public static Optional<Command> parse(String text) {
        return GoJson.read(text).flatMap(Envelope::of);
    }

    /** The command of a JSON value; empty when it cannot be decoded. Its id may be empty. */
    public static Optional<Command> of(JsonNode value) {
        if (!value.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Envelope(value).command());
        } catch (UnreadableException wrong) {
            return Optional.empty();
        }
    }

    private Command command() {
        number("stats_interval");
        if (text("id").length() > LONGEST_ID) {
            throw new UnreadableException();
        }
        list("log_levels").ifPresent(levels -> levels.forEach(Envelope::wholeNumber));
        return new Command(text("id"), text("command"), Optional.ofNullable(fields.get("arguments")), text("queue"),
                number("max_time"), number("max_restart"), number("recurring_period"), flag("stream"),
                list("tags").map(tags -> tags.stream().map(Envelope::string).toList()));
    }

    private String text(String name) {
        JsonNode value = fields.get(name);
        return value == null ? "" : string(value);
    }

    private long number(String name) {
        JsonNode value = fields.get(name);
        return value == null ? 0 : wholeNumber(value);
    }

    private boolean flag(String name) {
        JsonNode value = fields.get(name);
        if (value != null && !value.isBoolean()) {
            throw new UnreadableException();
        }
        return value != null && value.booleanValue();
    }

    private Optional<List<JsonNode>> list(String name) {
        JsonNode value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            throw new UnreadableException();
        }
        List<JsonNode> items = new ArrayList<>();
        value.forEach(items::add);
        return Optional.of(items);
    }

    private static String string(JsonNode value) {
        if (!value.isString()) {
            throw new UnreadableException();
        }
        return value.stringValue();
    }

    private static long wholeNumber(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new UnreadableException();
        }
        return value.longValue();
    }
}
