package zship.localnode.hub;

import java.util.List;

/** A request that is refused: status, message, and what the message is about where it is a list. */
public final class HubRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> items;

    /** A refusal with an HTTP status and one line for the user. */
    public HubRefusal(int status, String message) {
        this(status, message, List.of());
    }

    HubRefusal(int status, String message, List<String> items) {
        super(message);
        this.status = status;
        this.items = List.copyOf(items);
    }

    int status() {
        return status;
    }

    /** The chunks that are missing, or for status 405 the methods that are allowed. */
    List<String> items() {
        return items;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
