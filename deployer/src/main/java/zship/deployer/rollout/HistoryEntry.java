package zship.deployer.rollout;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;

import zship.deployer.container.SpecJson;
import zship.deployer.health.HealthJson;
import zship.flist.Secret;

/**
 * A deployment that was made, or tried.
 *
 * @param number its number among the app's deployments on that node, from 1
 * @param time when
 * @param outcome how it ended
 * @param containerId the container it made; 0 when none
 * @param digest the digest of what was asked for
 * @param record what was asked for, without secrets
 */
public record HistoryEntry(int number, Instant time, Outcome outcome, int containerId, String digest,
        AppRecord record) {

    /** How a deployment ended. */
    public enum Outcome {
        /** It served. */
        HEALTHY,
        /** It did not become healthy and was removed. */
        UNHEALTHY
    }

    /**
     * An app without its secrets.
     *
     * @param app the app's container and health as JSON; of secrets only the names
     * @param flistSha256 the SHA-256 of its flist
     * @param secretDigests of each secret a digest under a key that never leaves this machine: it says whether a value
     *     is the same, and nothing else
     */
    public record AppRecord(JsonNode app, String flistSha256, Map<String, String> secretDigests) {

        /** Copies the map. */
        public AppRecord {
            secretDigests = Map.copyOf(secretDigests);
        }
    }

    /** The flist it was made from. */
    public String flist() {
        return record.app().path("spec").path("flist").asString("");
    }

    /** The variables whose values are secret. */
    public Set<String> secretNames() {
        return record.secretDigests().keySet();
    }

    /**
     * The app as it was.
     *
     * @param secrets the values of its secrets
     */
    public App app(Map<String, Secret> secrets) {
        return new App(SpecJson.read(record.app().path("spec"), secrets), record.flistSha256(),
                HealthJson.read(record.app().path("health"), secrets));
    }
}
