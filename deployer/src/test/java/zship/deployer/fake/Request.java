package zship.deployer.fake;

import tools.jackson.databind.JsonNode;

/** A command that a fake node accepted; {@code container} is 0 for the node itself. */
public record Request(String id, String command, JsonNode arguments, JsonNode envelope, int container) {
}
