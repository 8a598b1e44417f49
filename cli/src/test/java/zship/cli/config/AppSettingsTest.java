package zship.cli.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppSettingsTest {

    @Test
    void nothingSetGivesTheBuiltInIcecastOnTheLocalNode() {
        AppSettings settings = merge(ProjectFile.empty(), Map.of(), ProjectFile.empty(), ProjectFile.empty());
        assertThat(settings.name()).isEqualTo("icecast2");
        assertThat(settings.recipe()).isEqualTo("icecast");
        assertThat(settings.node()).isEqualTo("local");
        assertThat(settings.ports()).containsExactlyEntriesOf(Map.of("8000", 8000));
        assertThat(settings.healthTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void flagWinsOverEnvironmentOverProjectOverUser() {
        Map<String, String> environment = Map.of("ZSHIP_NODE", "env:1");
        assertThat(merge(node("flag:1"), environment, node("project:1"), node("user:1")).node()).isEqualTo("flag:1");
        assertThat(merge(ProjectFile.empty(), environment, node("project:1"), node("user:1")).node())
                .isEqualTo("env:1");
        assertThat(merge(ProjectFile.empty(), Map.of(), node("project:1"), node("user:1")).node())
                .isEqualTo("project:1");
        assertThat(merge(ProjectFile.empty(), Map.of(), ProjectFile.empty(), node("user:1")).node())
                .isEqualTo("user:1");
    }

    private static AppSettings merge(ProjectFile flags, Map<String, String> environment, ProjectFile project,
            ProjectFile user) {
        return AppSettings.merge(flags, Map.of(), environment, project, user);
    }

    private static ProjectFile node(String address) {
        return new ProjectFile(Optional.empty(), Optional.empty(), Optional.of(address), Optional.empty(),
                Optional.empty(), Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }
}
