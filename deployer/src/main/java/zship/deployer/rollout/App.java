package zship.deployer.rollout;

import zship.deployer.InvalidValueException;
import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.health.HealthSettings;

/**
 * What is to be deployed: a container under a name, and when it counts as healthy.
 *
 * @param spec the container; it needs a name
 * @param flistSha256 the SHA-256 of the flist file its URL leads to, in hex; empty when not known
 * @param health when it counts as healthy
 */
public record App(ContainerSpec spec, String flistSha256, HealthSettings health) {

    /** Checks that there is a name. */
    public App {
        if (spec.name().isEmpty()) {
            throw new InvalidValueException("an app from " + spec.root().flist(), "it has no name",
                    "give one with --name");
        }
    }

    /** An app whose health is only that its services stay alive. */
    public static App of(ContainerSpec spec, String flistSha256) {
        return new App(spec, flistSha256, HealthSettings.none());
    }

    /** Its name. */
    public ContainerName name() {
        return spec.name().orElseThrow();
    }

    /** The same with another container. */
    public App withSpec(ContainerSpec value) {
        return new App(value, flistSha256, health);
    }

    /** The same from another flist. */
    public App withFlist(String url, String sha256) {
        return new App(spec.withRoot(new ContainerSpec.Root(url, spec.root().storage(), spec.root().mounts(),
                spec.root().files())), sha256, health);
    }

    /** The same with other health settings. */
    public App withHealth(HealthSettings value) {
        return new App(spec, flistSha256, value);
    }
}
