package zship.flist.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.FlistException.Kind;
import zship.flist.store.StoreUrl;

/**
 * The well-known metadata of an flist in the shapes that zflist writes: {@code backend}, {@code environ}, {@code port} and
 * {@code volume} are JSON objects, {@code entrypoint} is a JSON array, {@code readme} an object of texts.
 */
public final class MetadataValues {
    private MetadataValues() {
    }

    /** {@code {"host": H, "port": N, "namespace": N}}; a password is never written. */
    public static Flist backend(Flist flist, StoreUrl.Server server) {
        ObjectNode value = JsonMapper.shared().createObjectNode();
        value.put("host", server.host());
        value.put("port", server.port());
        server.namespace().ifPresent(name -> value.put("namespace", name));
        return flist.withMetadata("backend", text(value));
    }

    /** {@code ["/bin/sh", "-c", "..."]}. */
    public static Flist entrypoint(Flist flist, List<String> command) {
        ArrayNode value = JsonMapper.shared().createArrayNode();
        command.forEach(value::add);
        return flist.withMetadata("entrypoint", text(value));
    }

    /**
     * Sets members of the object {@code key}, which is made when there is none: texts for {@code environ} and {@code readme}.
     *
     * @throws FlistException of kind DAMAGED when the present value is no JSON object
     */
    public static Flist put(Flist flist, String key, Map<String, String> members) {
        ObjectNode value = object(flist, key);
        members.forEach(value::put);
        return flist.withMetadata(key, text(value));
    }

    /** Maps {@code tcp/8000} or {@code udp/53} to a port in the container: {@code {"tcp/8000": 8000}}. */
    public static Flist port(Flist flist, String outside, int inside) {
        ObjectNode value = object(flist, "port");
        value.put(outside, inside);
        return flist.withMetadata("port", text(value));
    }

    /** Adds a volume: {@code {"/data": {}}}, with a host path {@code {"/data": {"host": P}}}. */
    public static Flist volume(Flist flist, String target, String host) {
        ObjectNode value = object(flist, "volume");
        ObjectNode place = value.putObject(target);
        if (!host.isEmpty()) {
            place.put("host", host);
        }
        return flist.withMetadata("volume", text(value));
    }

    /**
     * Removes a member of the object {@code key}.
     *
     * @throws FlistException when there is no such member
     */
    public static Flist unset(Flist flist, String key, String member) {
        ObjectNode value = object(flist, key);
        if (value.remove(member) == null) {
            throw new FlistException(Kind.FAILED, "unset " + member + " in the metadata " + key,
                    "there is no such name", "show the value to see what is");
        }
        return flist.withMetadata(key, text(value));
    }

    private static ObjectNode object(Flist flist, String key) {
        String present = flist.metadata().getOrDefault(key, "{}");
        try {
            if (JsonMapper.shared().readTree(present) instanceof ObjectNode value) {
                return value;
            }
        } catch (JacksonException e) {
            throw damaged(key, e);
        }
        throw damaged(key, new IllegalArgumentException("not an object"));
    }

    private static FlistException damaged(String key, RuntimeException cause) {
        return new FlistException(Kind.DAMAGED, "change the metadata " + key, "its value is not a JSON object",
                "remove it first", cause);
    }

    /** JSON with {@code ", "} and {@code ": "} between the parts, as zflist writes it. */
    static String text(JsonNode node) {
        List<String> parts = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            object.properties().forEach(
                    member -> parts.add(JsonMapper.shared().writeValueAsString(member.getKey()) + ": "
                            + text(member.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        if (node instanceof ArrayNode array) {
            array.forEach(element -> parts.add(text(element)));
            return "[" + String.join(", ", parts) + "]";
        }
        return JsonMapper.shared().writeValueAsString(node);
    }
}
