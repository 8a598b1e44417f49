package zship.flist.hub;

import tools.jackson.databind.JsonNode;

/**
 * What a hub read in an flist.
 *
 * @param files regular files
 * @param links symbolic links
 * @param directories directories
 * @param special devices, pipes and sockets
 * @param bytes of all regular files
 */
public record HubTree(long files, long links, long directories, long special, long bytes) {
    static HubTree of(JsonNode json) {
        return new HubTree(json.path("regular").asLong(0), json.path("symlink").asLong(0),
                json.path("directory").asLong(0), json.path("special").asLong(0), json.path("fullsize").asLong(0));
    }
}
