package zship.deployer.container;

import zship.deployer.InvalidValueException;

/**
 * An environment variable of a container. Every client of the node can read it.
 *
 * @param name its name: letters, digits and underscores, not starting with a digit
 * @param value its value, without NUL
 */
public record EnvVar(String name, String value) {

    /** Checks the rules. */
    public EnvVar {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new InvalidValueException("environment variable '" + name + "'",
                    "a name is letters, digits and '_', not starting with a digit", "write it as NAME=VALUE");
        }
        if (value.indexOf('\0') >= 0) {
            throw new InvalidValueException("environment variable '" + name + "'", "its value holds a NUL character",
                    "remove it");
        }
    }

    /**
     * Reads {@code NAME=VALUE}.
     *
     * @throws InvalidValueException when it is not that; the text is not repeated, it may hold a secret
     */
    public static EnvVar of(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new InvalidValueException("environment variable '" + text + "'", "there is no '=' in it",
                    "write it as NAME=VALUE");
        }
        return new EnvVar(text.substring(0, equals), text.substring(equals + 1));
    }

    /** The name and stars: a value may be anything. */
    @Override
    public String toString() {
        return name + "=***";
    }
}
