package zship.builder.recipe;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.builder.BuildException;

/**
 * A value that replaces one of a recipe file.
 *
 * @param key names of keys with dots between; an element of a list is named by its number from 0, or by its key
 *            {@code name}
 * @param value a value in TOML; what is none is taken as a text
 */
public record RecipeChange(String key, String value) {

    /**
     * Reads {@code KEY=VALUE}.
     *
     * @throws BuildException of kind USAGE when it has another form
     */
    public static RecipeChange of(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || !text.substring(0, equals).matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            throw BuildException.usage("use --set " + text, "it has not the form KEY=VALUE",
                    "give a key of the recipe with dots between, such as health.port=8080");
        }
        return new RecipeChange(text.substring(0, equals), text.substring(equals + 1));
    }

    /** Replaces the value in a recipe that was read. */
    void apply(JsonNode recipe, ObjectMapper toml) {
        String[] parts = key.split("\\.");
        JsonNode at = recipe;
        for (int i = 0; i < parts.length - 1; i++) {
            JsonNode next = child(at, parts[i]);
            at = next.isMissingNode() && at instanceof ObjectNode table ? table.putObject(parts[i]) : next;
        }
        String last = parts[parts.length - 1];
        switch (at) {
            case ObjectNode table -> table.set(last, parsed(toml));
            case ArrayNode list when last.matches("[0-9]{1,4}") && Integer.parseInt(last) < list.size() ->
                list.set(Integer.parseInt(last), parsed(toml));
            default -> throw BuildException.usage("use --set " + this, "the recipe has no such key",
                    "look at the keys of the recipe file");
        }
    }

    private static JsonNode child(JsonNode at, String name) {
        if (!at.isArray()) {
            return at.path(name);
        }
        return at.valueStream().filter(it -> it.path("name").asString("").equals(name)).findFirst()
                .orElseGet(() -> name.matches("[0-9]{1,4}") ? at.path(Integer.parseInt(name)) : at.path(-1));
    }

    private JsonNode parsed(ObjectMapper toml) {
        try {
            JsonNode read = toml.readTree("value = " + value);
            if (read.size() == 1) {
                return read.path("value");
            }
            return toml.createObjectNode().stringNode(value);
        } catch (JacksonException e) {
            return toml.createObjectNode().stringNode(value);
        }
    }

    @Override
    public String toString() {
        return key + "=" + value;
    }
}
