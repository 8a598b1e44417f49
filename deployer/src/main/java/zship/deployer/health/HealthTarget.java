package zship.deployer.health;

/**
 * Where a service is probed.
 *
 * @param host the host
 * @param port the TCP port
 */
public record HealthTarget(String host, int port) {

    /** {@code host:port}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
