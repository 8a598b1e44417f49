package zship.deployer.container;

import zship.deployer.InvalidValueException;

/**
 * Something of the node, or a second flist, that appears in a container.
 *
 * @param source an absolute path on the node, or the URL of an flist
 * @param target an absolute path in the container
 */
public record Mount(String source, String target) {

    /** Checks the rules of the node. */
    public Mount {
        if (!source.startsWith("/") && !source.matches("(https?|file)://.+")) {
            throw invalid(source + ":" + target, "the source must be an absolute path or a URL (http, https, file)");
        }
        if (!target.startsWith("/")) {
            throw invalid(source + ":" + target, "the path in the container must be absolute");
        }
    }

    /**
     * Reads {@code SOURCE:TARGET}.
     *
     * @throws InvalidValueException when it is not that
     */
    public static Mount of(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw invalid(text, "there is no ':' between source and target");
        }
        return new Mount(text.substring(0, colon), text.substring(colon + 1));
    }

    private static InvalidValueException invalid(String text, String why) {
        return new InvalidValueException("mount '" + text + "'", why, "write it as /on/the/node:/in/the/container");
    }
}
