package zship.flist.hub;

import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * One name in a repository of a hub.
 *
 * @param name file name, or the bare name of a tag
 * @param type {@code regular}, {@code symlink}, {@code taglink} or {@code tag}, as the hub says it
 * @param size as the hub writes it: bytes where one flist is asked for, text such as {@code 1.29 KB} in a list
 * @param updated seconds since 1970
 * @param target what a link points to
 * @param md5 of the bytes, where one flist is asked for; a link that leads nowhere has none
 */
public record HubEntry(String name, String type, String size, long updated, Optional<String> target,
        Optional<String> md5) {
    static HubEntry of(JsonNode json) {
        return new HubEntry(json.path("name").asString(""), json.path("type").asString(""),
                json.path("size").asString(""), json.path("updated").asLong(0), text(json, "target"),
                text(json, "md5"));
    }

    private static Optional<String> text(JsonNode json, String key) {
        return Optional.of(json.path(key)).filter(JsonNode::isString).map(JsonNode::asString);
    }
}
