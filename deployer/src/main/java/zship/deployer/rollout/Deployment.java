package zship.deployer.rollout;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

import zship.deployer.health.HealthReport;

/**
 * A deployment that serves.
 *
 * @param app the app's name
 * @param node the node it runs on, {@code host:port}
 * @param containerId its container
 * @param ports its public ports, as {@code 8000->8000}, with commas between them
 * @param changed false when it was up to date already
 * @param url where it serves; empty when it has no public port
 * @param took how long it took
 * @param health what the verification saw
 */
public record Deployment(String app, String node, int containerId, String ports, boolean changed, Optional<URI> url,
        Duration took, HealthReport health) {
}
