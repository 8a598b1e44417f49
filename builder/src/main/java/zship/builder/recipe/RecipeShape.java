package zship.builder.recipe;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * Holds the keys of a recipe against those that there are, before any value is looked at: a key that is misspelt is then
 * named as such, and not the value that is missing for it.
 */
final class RecipeShape {

    private RecipeShape() {
    }

    /**
     * Something that is wrong.
     *
     * @param path where it is: names of keys, and numbers of elements
     * @param why what is wrong with it
     * @param hint what was meant; empty when that is not known
     */
    record Fault(List<String> path, String why, Optional<String> hint) {
    }

    /** Returns the first key that is unknown or missing. */
    static Optional<Fault> fault(JsonNode recipe) {
        return table(recipe, RecipeDefinition.class, List.of());
    }

    private static Optional<Fault> table(JsonNode table, Class<?> type, List<String> path) {
        if (!table.isObject()) {
            return Optional.empty();
        }
        List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
        List<String> names = components.stream().map(RecipeShape::name).toList();
        for (String key : table.propertyNames()) {
            if (!names.contains(key)) {
                String nearest = names.stream().min(Comparator.comparingInt(it -> Recipes.distance(it, key)))
                        .orElse("");
                return Optional.of(new Fault(below(path, key), "unknown key '%s'".formatted(key),
                        Optional.of("did you mean '%s'?".formatted(nearest))));
            }
        }
        Optional<Fault> first = Optional.empty();
        for (RecordComponent component : components) {
            String name = name(component);
            List<String> at = below(path, name);
            first = first.or(() -> table.has(name)
                    ? value(table.path(name), component.getGenericType(), at)
                    : missing(component, at));
        }
        return first;
    }

    private static Optional<Fault> missing(RecordComponent component, List<String> path) {
        if (List.of(List.class, Map.class, Optional.class).contains(component.getType())) {
            return Optional.empty();
        }
        String table = String.join(".", path.subList(0, path.size() - 1));
        return Optional.of(new Fault(path,
                "the key '%s' is missing%s".formatted(path.getLast(), table.isEmpty() ? "" : " in " + table),
                Optional.empty()));
    }

    private static Optional<Fault> value(JsonNode value, Type type, List<String> path) {
        if (type instanceof Class<?> plain) {
            return plain.isRecord() ? table(value, plain, path) : Optional.empty();
        }
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        Type inner = arguments[arguments.length - 1];
        if (((ParameterizedType) type).getRawType().equals(Optional.class)) {
            return value(value, inner, path);
        }
        Optional<Fault> first = Optional.empty();
        for (Map.Entry<String, JsonNode> entry : entries(value)) {
            first = first.or(() -> value(entry.getValue(), inner, below(path, entry.getKey())));
        }
        return first;
    }

    private static List<Map.Entry<String, JsonNode>> entries(JsonNode value) {
        List<Map.Entry<String, JsonNode>> entries = new ArrayList<>(value.properties());
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            entries.add(Map.entry(String.valueOf(i), value.path(i)));
        }
        return entries;
    }

    private static List<String> below(List<String> path, String key) {
        List<String> all = new ArrayList<>(path);
        all.add(key);
        return List.copyOf(all);
    }

    private static String name(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
