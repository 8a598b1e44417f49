package zship.deployer.container;

import zship.deployer.InvalidValueException;

/**
 * The name of a container. A node accepts any text, several times, and looks names up without regard to case; this type
 * asks for more, so that a name means one thing everywhere: a letter, then up to 62 letters, digits, {@code .}, {@code _}
 * or {@code -}.
 *
 * @param value the name
 */
public record ContainerName(String value) {

    /** Checks the rule. */
    public ContainerName {
        if (!value.matches("[A-Za-z][A-Za-z0-9._-]{0,62}")) {
            throw new InvalidValueException("container name '" + value + "'",
                    "a name is a letter, then up to 62 letters, digits, '.', '_' or '-'",
                    "choose another, as icecast2");
        }
    }

    /**
     * Reads a name.
     *
     * @throws InvalidValueException when it is not one
     */
    public static ContainerName of(String text) {
        return new ContainerName(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
