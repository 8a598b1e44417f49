package zship.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import zship.deployer.rollout.HistoryEntry;

import static org.assertj.core.api.Assertions.assertThat;

final class HistoryCommandTest {
    @Test
    void anEntryIsShownWithTheNamesOfItsSecretsOnly() {
        HistoryEntry entry = new HistoryEntry(3, Instant.parse("2026-01-02T03:04:05Z"), HistoryEntry.Outcome.UNHEALTHY,
                7, "d1", new HistoryEntry.AppRecord(
                        JsonMapper.shared().readTree("{\"spec\":{\"flist\":\"http://hub/a.flist\"}}"), "f1",
                        Map.of("TOKEN", "digest-of-token", "ADMIN", "digest-of-admin")));

        assertThat(HistoryCommand.fields(entry)).containsExactlyInAnyOrderEntriesOf(Map.of("number", 3, "time",
                "2026-01-02T03:04:05Z", "outcome", "unhealthy", "container", 7, "flist", "http://hub/a.flist",
                "secrets", List.of("ADMIN", "TOKEN")));
    }
}
