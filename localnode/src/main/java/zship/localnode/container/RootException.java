package zship.localnode.container;

/** Why a root could not be made; the message is what stands between the brackets of {@code mount-root-flist(...)}. */
final class RootException extends Exception {
    private static final long serialVersionUID = 1L;

    RootException(String message) {
        super(message);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
