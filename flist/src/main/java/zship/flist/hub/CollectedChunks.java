package zship.flist.hub;

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;

/**
 * What collecting the chunks of an embedded hub found.
 *
 * @param flists that were read
 * @param needed chunks that an flist names
 * @param young chunks that were written or asked for lately
 * @param unneeded chunks that were removed, or would be
 * @param bytes of those, as stored
 * @param ids of the first of them
 */
public record CollectedChunks(long flists, long needed, long young, long unneeded, long bytes, List<String> ids) {
    /** Keeps its own copy of the ids. */
    public CollectedChunks {
        ids = List.copyOf(ids);
    }

    static CollectedChunks of(JsonNode json) {
        List<String> ids = new ArrayList<>();
        json.path("ids").forEach(id -> ids.add(id.asString("")));
        return new CollectedChunks(json.path("flists").asLong(0), json.path("needed").asLong(0),
                json.path("young").asLong(0), json.path("unneeded").asLong(0), json.path("bytes").asLong(0), ids);
    }
}
