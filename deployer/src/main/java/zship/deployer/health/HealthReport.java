package zship.deployer.health;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was found about a service.
 *
 * @param healthy whether everything held
 * @param probes the probes, oldest first; equal ones in a row are told once, with the time of the first
 * @param took how long it took
 * @param lastOutput the service's last output, when it failed and there was any
 * @param sockets what listens inside the container, when it failed and could be asked
 */
public record HealthReport(boolean healthy, List<ProbeResult> probes, Duration took, Optional<String> lastOutput,
        List<String> sockets) {

    /** Copies the lists. */
    public HealthReport {
        probes = List.copyOf(probes);
        sockets = List.copyOf(sockets);
    }
}
