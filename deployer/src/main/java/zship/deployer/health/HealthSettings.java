package zship.deployer.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import zship.flist.Secret;

/**
 * When a container counts as healthy.
 *
 * @param checks what must hold, in this order; none means that only its jobs are watched
 * @param containerPort the container's port the checks go to, through whatever node port leads there; 0 for none
 * @param services the start-up services that must not end; empty when not known
 * @param timeout how long it may take from the creation on
 * @param interval the pause between two probes; Icecast 2.4.4 can be killed by connections in its first moments, so not
 *     less than 250 ms
 */
public record HealthSettings(List<HealthCheck> checks, int containerPort, List<String> services, Duration timeout,
        Duration interval) {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** Copies the lists. */
    public HealthSettings {
        checks = List.copyOf(checks);
        services = List.copyOf(services);
    }

    /** Nothing is checked but that the container and its services stay alive for their start. */
    public static HealthSettings none() {
        return new HealthSettings(List.of(), 0, List.of(), TIMEOUT, INTERVAL);
    }

    /** The port is open. */
    public static HealthSettings port(int containerPort) {
        return none().withContainerPort(containerPort).withCheck(new HealthCheck.PortOpen());
    }

    /** A GET answers 200. */
    public static HealthSettings http(int containerPort, String path) {
        return none().withContainerPort(containerPort).withCheck(new HealthCheck.Http(path, 200));
    }

    /** Icecast: the status page is JSON, the source password is in force. */
    public static HealthSettings icecast(int containerPort, Secret sourcePassword) {
        return none().withContainerPort(containerPort).withCheck(new HealthCheck.IcecastStatus())
                .withCheck(new HealthCheck.IcecastSource(sourcePassword));
    }

    /** The same with one check more. */
    public HealthSettings withCheck(HealthCheck value) {
        List<HealthCheck> more = new ArrayList<>(checks);
        more.add(value);
        return new HealthSettings(more, containerPort, services, timeout, interval);
    }

    /** The same with another port. */
    public HealthSettings withContainerPort(int value) {
        return new HealthSettings(checks, value, services, timeout, interval);
    }

    /** The same with these start-up services to watch. */
    public HealthSettings withServices(List<String> value) {
        return new HealthSettings(checks, containerPort, value, timeout, interval);
    }

    /** The same with another time limit. */
    public HealthSettings withTimeout(Duration value) {
        return new HealthSettings(checks, containerPort, services, value, interval);
    }

    /** The same with another pause between probes. */
    public HealthSettings withInterval(Duration value) {
        return new HealthSettings(checks, containerPort, services, timeout, value);
    }
}
