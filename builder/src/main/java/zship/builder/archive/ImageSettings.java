package zship.builder.archive;

import java.util.List;

/**
 * What an image says about its root.
 *
 * @param name the name of what is inside
 * @param version its version
 * @param reference what the image is called where it is loaded, such as {@code icecast:2.4.4}
 * @param command the program that is started, with its arguments
 * @param ports the TCP ports it listens on
 */
public record ImageSettings(String name, String version, String reference, List<String> command,
        List<Integer> ports) {

    /** Refuses a reference without a tag, and copies the lists. */
    public ImageSettings {
        if (!reference.matches("[a-z0-9]+([._/:-]+[a-z0-9]+)*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")) {
            throw new IllegalArgumentException("must be NAME:TAG in small letters: " + reference);
        }
        command = List.copyOf(command);
        ports = List.copyOf(ports);
    }

    /** Returns the part of the reference after its last colon. */
    public String tag() {
        return reference.substring(reference.lastIndexOf(':') + 1);
    }
}
