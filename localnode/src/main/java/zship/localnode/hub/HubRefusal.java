package zship.localnode.hub;

import java.util.List;

/** A request that is refused: status, message, and what the message is about where it is a list. */
final class HubRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> items;

    HubRefusal(int status, String message) {
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

    List<String> items() {
        return items;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
