package zship.deployer.node;

import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Secret;

/** JSON of the node protocol. What is read comes from outside and is bounded in size and depth. */
public final class NodeJson {

    /** The longest text that is read, in characters. */
    static final int MAX_LENGTH = 64 * 1024 * 1024;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(MAX_LENGTH)
                    .maxDocumentLength(MAX_LENGTH).build())
            .build()).build();

    private NodeJson() {
    }

    /**
     * Reads a JSON text.
     *
     * @param what what it is, for the message
     * @param text the text
     * @throws NodeException when it is not JSON, too long or too deep
     */
    public static JsonNode read(String what, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw NodeException.failed("read " + what, "not valid JSON at character "
                    + e.getLocation().getCharOffset() + ": " + e.getOriginalMessage(),
                    "the node may be of another release; `zship node info` shows it");
        }
    }

    /**
     * Writes texts, numbers, booleans, null, collections, maps and secrets as JSON. This is the one place where a
     * secret becomes a text.
     *
     * @throws IllegalArgumentException for a value of any other type
     */
    public static String write(@Nullable Object value) {
        return MAPPER.writeValueAsString(node(value));
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case JsonNode node -> node;
            case String text -> NODES.stringNode(text);
            case Secret secret -> NODES.stringNode(secret.expose());
            case Boolean bool -> NODES.booleanNode(bool);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Map<?, ?> map -> object(map);
            case Collection<?> items -> array(items);
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass().getSimpleName());
        };
    }

    private static ObjectNode object(Map<?, ?> map) {
        ObjectNode object = NODES.objectNode();
        map.forEach((key, value) -> object.set(String.valueOf(key), node(value)));
        return object;
    }

    private static ArrayNode array(Collection<?> items) {
        ArrayNode array = NODES.arrayNode();
        for (Object item : items) {
            array.add(node(item));
        }
        return array;
    }
}
