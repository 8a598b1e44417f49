package zship.localnode.container;

/** Why {@code /.startup.toml} is rejected as a whole. */
final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;

    StartupException(String message) {
        super(message);
    }
}
