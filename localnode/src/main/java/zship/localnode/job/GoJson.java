package zship.localnode.job;

import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the node's peers write it: {@code < > &} and the two Unicode line separators are escaped inside strings. */
public final class GoJson {

    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder().characterEscapes(new Escapes()).build()).build();

    private GoJson() {
    }

    /** An empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Factory of all other nodes. */
    public static JsonNodeFactory nodes() {
        return JsonNodeFactory.instance;
    }

    /** The text of a value. */
    public static String write(JsonNode value) {
        return MAPPER.writeValueAsString(value);
    }

    /** The value of a text; empty when it is not JSON or has something behind it. */
    public static Optional<JsonNode> read(String text) {
        try {
            return Optional.ofNullable(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JacksonException malformed) {
            return Optional.empty();
        }
    }

    private static final class Escapes extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final Map<Integer, String> CUSTOM = Map.of((int) '<', "\\u003c", (int) '>', "\\u003e",
                (int) '&', "\\u0026", 0x2028, "\\u2028", 0x2029, "\\u2029");

        private final int[] ascii = standardAsciiEscapesForJSON();

        Escapes() {
            for (int character : CUSTOM.keySet()) {
                if (character < ascii.length) {
                    ascii[character] = ESCAPE_CUSTOM;
                }
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            String sequence = CUSTOM.get(character);
            return sequence == null ? null : new SerializedString(sequence);
        }
    }
}
