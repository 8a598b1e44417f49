package zship.builder.recipe;

import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.toml.TomlMapper;

import zship.builder.BuildException;

/** Reads recipe files: TOML with dashed keys, every key required, unknown keys refused. */
final class RecipeReader {

    private static final int MAX_BYTES = 256 * 1024;

    private RecipeReader() {
    }

    /**
     * Reads a recipe.
     *
     * @param content the bytes of the file, at most 256 KiB
     * @param origin what to call the file in an error
     * @throws BuildException of kind USAGE that names the line, the key and the nearest known key
     */
    static RecipeDefinition read(byte[] content, String origin) {
        if (content.length > MAX_BYTES) {
            throw BuildException.usage("read recipe " + origin,
                    "it has %d bytes, more than %d".formatted(content.length, MAX_BYTES),
                    "give a recipe file");
        }
        try {
            return mapper().readValue(content, RecipeDefinition.class);
        } catch (UnrecognizedPropertyException e) {
            throw BuildException.usage("read recipe " + origin,
                    "unknown key '%s'%s".formatted(e.getPropertyName(), line(e)),
                    "did you mean '%s'?".formatted(nearest(e)));
        } catch (JacksonException e) {
            throw BuildException.usage("read recipe " + origin, e.getOriginalMessage() + line(e),
                    "correct the recipe file");
        }
    }

    private static TomlMapper mapper() {
        return TomlMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
    }

    private static String nearest(UnrecognizedPropertyException e) {
        List<String> known = e.getKnownPropertyIds() == null
                ? List.of()
                : e.getKnownPropertyIds().stream().map(String::valueOf).toList();
        return known.stream().min((a, b) -> Integer.compare(Recipes.distance(a, e.getPropertyName()),
                Recipes.distance(b, e.getPropertyName()))).orElse("");
    }

    private static String line(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1 ? "" : " (line %d)".formatted(location.getLineNr());
    }
}
