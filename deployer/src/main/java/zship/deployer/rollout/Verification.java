package zship.deployer.rollout;

import java.time.Duration;
import java.util.List;

import zship.deployer.Redaction;
import zship.deployer.container.PortMapping;
import zship.deployer.health.ContainerLiveness;
import zship.deployer.health.HealthCheck;
import zship.deployer.health.HealthMonitor;
import zship.deployer.health.HealthReport;
import zship.deployer.health.HealthSettings;
import zship.deployer.health.HealthTarget;
import zship.deployer.health.Liveness;
import zship.deployer.health.ProbeResult;

/** Verifies a container of an app through given ports of the node. */
final class Verification {

    private final Stage stage;
    private final App app;

    Verification(Stage stage, App app) {
        this.stage = stage;
        this.app = app;
    }

    /**
     * Waits until it is healthy.
     *
     * @param containerId the container
     * @param ports the ports that lead into it now
     * @param timeout how long
     * @throws zship.deployer.health.HealthException when it does not become so
     */
    HealthReport await(int containerId, List<PortMapping> ports, Duration timeout) {
        HealthSettings settings = app.health().withTimeout(timeout);
        Liveness life = new ContainerLiveness(stage.node(), containerId, settings.services());
        HealthMonitor monitor = new HealthMonitor(stage.time(), stage.settings().random());
        return monitor.await(new HealthMonitor.Subject(app.name().value(), containerId), settings, target(ports), life,
                probe -> report(containerId, probe), new Redaction(app.spec().environment().secrets().values()));
    }

    private void report(int containerId, ProbeResult probe) {
        stage.events().on(new RolloutEvent.Probed(app.name().value(), containerId, probe));
    }

    private HealthTarget target(List<PortMapping> ports) {
        String host = stage.node().address().host();
        int wanted = app.health().containerPort();
        if (app.health().checks().stream().noneMatch(HealthCheck::needsPort)) {
            return new HealthTarget(host, 0);
        }
        if (app.spec().network().host() && wanted > 0) {
            return new HealthTarget(host, wanted);
        }
        return ports.stream().filter(p -> p.container() == wanted && p.host().protocols().contains("tcp")).findFirst()
                .map(p -> new HealthTarget(host, p.host().port()))
                .orElseThrow(() -> RolloutException.usage("verify " + app.name(),
                        "no port of the node leads to the container's port " + wanted + ", so nothing can be checked",
                        "forward it with -p HOST:" + wanted + ", or deploy with --no-health"));
    }
}
