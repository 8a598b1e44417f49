package zship.deployer.container;

import zship.deployer.InvalidValueException;

/**
 * A port of the node and the container's port it leads to.
 *
 * @param host the node's port
 * @param container the container's port, 1 to 65535; a node also accepts 0, which leads nowhere
 */
public record PortMapping(HostPort host, int container) {

    /** Checks the container's port. */
    public PortMapping {
        if (container < 1 || container > 65535) {
            throw new InvalidValueException("port mapping '" + host + ":" + container + "'",
                    "a container port is 1 to 65535", "write it as HOST:CONTAINER, as 8000:8000");
        }
    }

    /**
     * Reads {@code HOST:CONTAINER}, where HOST has the node's form, or one number for both.
     *
     * @throws InvalidValueException when it is not that
     */
    public static PortMapping of(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String container = text.substring(colon + 1);
        if (!container.matches("[0-9]{1,5}")) {
            throw new InvalidValueException("port mapping '" + text + "'",
                    "'" + container + "' is not a container port", "write it as HOST:CONTAINER, as 8000:8000");
        }
        return new PortMapping(HostPort.of(host), Integer.parseInt(container));
    }

    @Override
    public String toString() {
        return host + ":" + container;
    }
}
