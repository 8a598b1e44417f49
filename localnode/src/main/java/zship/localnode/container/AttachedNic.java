package zship.localnode.container;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.CommandException;

/**
 * A network interface of a container with what became of it, as lists show it.
 *
 * @param nic   what was asked for
 * @param state {@code unknown}, {@code configured}, {@code error}, {@code destroyed}; empty with the node's own network
 */
record AttachedNic(Nic nic, String state) {

    static final String UNKNOWN = "unknown";
    static final String CONFIGURED = "configured";
    static final String ERROR = "error";
    static final String DESTROYED = "destroyed";

    /** An interface that is not there yet. */
    static AttachedNic planned(Nic nic) {
        return new AttachedNic(nic, UNKNOWN);
    }

    AttachedNic withState(String next) {
        return new AttachedNic(nic, next);
    }

    boolean isGone() {
        return state.equals(DESTROYED);
    }

    ObjectNode toJson() {
        return nic.toJson(state);
    }

    static AttachedNic of(JsonNode json) throws CommandException {
        return new AttachedNic(Nic.of(json), json.path("state").asString(""));
    }
}
