package zship.builder.recipe;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

import zship.builder.BuildException;

/**
 * Reads recipe files: TOML with dashed keys. Unknown keys are refused; lists and tables may be left out, other keys only
 * where they have a default.
 */
final class RecipeReader {

    static final int MAX_BYTES = 256 * 1024;

    private static final TomlMapper MAPPER = TomlMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .withConfigOverride(List.class,
                    it -> it.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(Map.class,
                    it -> it.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .build();

    private final String origin;

    private RecipeReader(String origin) {
        this.origin = origin;
    }

    /**
     * Reads a recipe.
     *
     * @param content the bytes of the file, at most 256 KiB
     * @param origin what to call the file in an error
     * @param changes values that replace those of the file, in order
     * @throws BuildException of kind USAGE that names the line, the key and the nearest known key
     */
    static RecipeDefinition read(byte[] content, String origin, List<RecipeChange> changes) {
        if (content.length > MAX_BYTES) {
            throw BuildException.usage("read recipe " + origin,
                    "it has %d bytes, more than %d".formatted(content.length, MAX_BYTES),
                    "give a recipe file");
        }
        return new RecipeReader(origin).read(new String(content, StandardCharsets.UTF_8), changes);
    }

    private RecipeDefinition read(String text, List<RecipeChange> changes) {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw wrong(e.getOriginalMessage() + syntaxLine(e), "correct the recipe file");
        }
        TomlLines lines = TomlLines.of(text);
        RecipeDefinition definition = check(tree, path -> {
            OptionalInt line = lines.find(path);
            return line.isPresent() ? " (line %d)".formatted(line.getAsInt()) : "";
        }, "correct the recipe file");
        for (RecipeChange change : changes) {
            change.apply(tree, MAPPER);
            definition = check(tree, path -> " (after --set %s)".formatted(change.key()), "correct --set " + change);
        }
        return definition;
    }

    /** Tells where a key is. */
    @FunctionalInterface
    private interface Place {

        String of(List<String> path);
    }

    private RecipeDefinition check(JsonNode tree, Place place, String hint) {
        JsonNode whole = withDefaults(tree);
        refuse(RecipeShape.fault(whole), place, hint);
        RecipeDefinition definition = definition(whole, place, hint);
        refuse(RecipeReferences.fault(definition), place, hint);
        return definition;
    }

    private void refuse(Optional<RecipeShape.Fault> fault, Place place, String hint) {
        if (fault.isPresent()) {
            throw wrong(fault.get().why() + place.of(fault.get().path()), fault.get().hint().orElse(hint));
        }
    }

    private RecipeDefinition definition(JsonNode whole, Place place, String hint) {
        try {
            return MAPPER.treeToValue(whole, RecipeDefinition.class);
        } catch (ValueInstantiationException e) {
            String why = e.getCause() == null ? e.getOriginalMessage() : String.valueOf(e.getCause().getMessage());
            throw wrong(why + place.of(path(e)), hint);
        } catch (MismatchedInputException e) {
            throw wrong(mismatch(e) + place.of(path(e)), hint);
        } catch (JacksonException e) {
            throw wrong(e.getOriginalMessage() + place.of(path(e)), hint);
        }
    }

    private BuildException wrong(String why, String hint) {
        return BuildException.usage("read recipe " + origin, why, hint);
    }

    /** Adds the values that simple recipes need not state. */
    private static JsonNode withDefaults(JsonNode tree) {
        JsonNode copy = tree.deepCopy();
        JsonNode profiles = copy.path("profiles");
        if (copy instanceof ObjectNode top && profiles.size() == 1 && !top.has("default-profile")) {
            top.put("default-profile", profiles.propertyNames().iterator().next());
        }
        for (JsonNode profile : profiles) {
            if (profile instanceof ObjectNode table) {
                table.putIfAbsent("default-shell", table.stringNode(Variant.NO_SHELL));
                table.putIfAbsent("ca-certificates", table.stringNode(""));
            }
        }
        return copy;
    }

    private static String mismatch(MismatchedInputException e) {
        List<String> path = path(e);
        String key = path.isEmpty() ? "the file" : path.getLast();
        Class<?> wanted = e.getTargetType() == null ? Object.class : e.getTargetType();
        String kind = wanted.isPrimitive() || Number.class.isAssignableFrom(wanted)
                ? "a whole number"
                : wanted.equals(String.class)
                        ? "a text"
                        : List.class.isAssignableFrom(wanted) ? "a list" : "a table";
        return "the value of '%s' must be %s".formatted(key, kind);
    }

    private static List<String> path(JacksonException e) {
        List<String> path = new ArrayList<>();
        for (JacksonException.Reference part : e.getPath()) {
            path.add(part.getPropertyName() == null ? String.valueOf(part.getIndex()) : part.getPropertyName());
        }
        return path;
    }

    private static String syntaxLine(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1 ? "" : " (line %d)".formatted(location.getLineNr());
    }
}
