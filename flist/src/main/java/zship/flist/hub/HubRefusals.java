package zship.flist.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import tools.jackson.databind.JsonNode;

import zship.flist.chunk.ChunkId;
import zship.flist.hub.HubException.Kind;

/**
 * Says what a refusal means. The hub's status codes are loose (bad input is 500, a taken name 401, a read-only hub 400), so its
 * message counts first; a bare HTML page is what its web server made of a program that failed.
 */
final class HubRefusals {
    private static final List<String> LOGIN_WORDS = List.of("authori", "authenticate", "token", "signature", "log in",
            "login");
    private static final String SHOW = "zship hub ls shows the repositories, zship hub ls REPOSITORY what is in one";

    private HubRefusals() {
    }

    /** The failure for an answer that is no success. */
    static HubException of(String what, HubAnswer answer) {
        JsonNode envelope = answer.envelope().orElse(null);
        String message = envelope == null ? "" : envelope.path("message").asString("");
        String lower = message.toLowerCase(Locale.ROOT);
        String why = "the hub answered " + answer.code() + (message.isEmpty() ? "" : ": " + message);
        if (lower.contains("not fully present")) {
            return missing(what, why, envelope == null ? List.of() : ids(envelope.path("missing")));
        }
        if (answer.location().isPresent() && answer.code() / 100 == 3) {
            return new HubException(Kind.REFUSED, what, why + ", it sends to " + answer.location().get(),
                    "name the hub by that address if it is one, or give a token if it is a login page");
        }
        return message.isEmpty() ? page(what, why, answer.code()) : spoken(what, why, answer.code(), lower);
    }

    /** A refusal with a message. */
    private static HubException spoken(String what, String why, int code, String message) {
        if (message.contains("readonly")) {
            return new HubException(Kind.REFUSED, what, why, "this hub changes nothing now: use another, or wait");
        }
        if (message.contains("already")) {
            return new HubException(Kind.REFUSED, what, why, "choose another name, or remove what has this one first");
        }
        if (code >= 400 && code <= 403 && LOGIN_WORDS.stream().anyMatch(message::contains)) {
            return new HubException(Kind.UNAUTHORIZED, what, why,
                    "give a valid token for this hub (--token SOURCE), and ask: zship hub login");
        }
        if (code == 404 || message.contains("not found") && !message.startsWith("no ")
                || message.contains("does not exist")) {
            return new HubException(Kind.NOT_FOUND, what, why, SHOW);
        }
        if (code == 501) {
            return new HubException(Kind.REFUSED, what, why,
                    "for an image: docker save IMAGE -o image.tar, zship pack image.tar -o image.flist --store URL, and zship publish image.flist");
        }
        if (code == 403) {
            return new HubException(Kind.UNAUTHORIZED, what, why, "ask as whom the hub takes you: zship hub login");
        }
        return new HubException(Kind.REFUSED, what, why, code == 503 || code == 507
                ? "tell whoever runs the hub; it can be tried again later"
                : "check the names and the file");
    }

    /** A refusal without a message. */
    private static HubException page(String what, String why, int code) {
        return switch (code) {
            case 401, 403 -> new HubException(Kind.UNAUTHORIZED, what, why,
                    "give a valid token for this hub (--token SOURCE), and ask: zship hub login");
            case 404 -> new HubException(Kind.NOT_FOUND, what, why, SHOW + "; if both fail, this is no flist hub");
            case 405 -> new HubException(Kind.REFUSED, what, why + ", so it does not know this request",
                    "check that a flist hub is at this address");
            case 502, 503, 504 -> new HubException(Kind.UNREACHABLE, what,
                    why + ", so what is before the hub got no answer from it",
                    "try again later, or tell whoever runs the hub");
            case 413 -> new HubException(Kind.REFUSED, what, why + ": the file is too large for it",
                    "ask whoever runs the hub for a larger limit");
            case 500 -> new HubException(Kind.REFUSED, what, why
                    + " and a page without a reason, as it does for a bad file or name and when its store is down",
                    "check the file (zship flist check FILE), then the hub's store (zship store ping URL)");
            default -> new HubException(Kind.REFUSED, what, why, "check that a flist hub is at this address");
        };
    }

    private static HubException missing(String what, String why, List<ChunkId> ids) {
        String named = ids.isEmpty() ? "" : ": " + ids.size() + ", the first " + ids.getFirst();
        return new HubException(what, why + named,
                "pack again to the store of this hub, or name where the chunks are: --chunks-from URL", ids);
    }

    /** The ids that some hubs name. */
    private static List<ChunkId> ids(JsonNode named) {
        List<ChunkId> ids = new ArrayList<>();
        for (JsonNode id : named) {
            if (id.asString("").matches("[0-9a-f]{32}")) {
                ids.add(ChunkId.of(id.asString("")));
            }
        }
        return ids;
    }
}
