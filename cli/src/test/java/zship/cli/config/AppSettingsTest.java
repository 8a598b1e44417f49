package zship.cli.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import zship.cli.failure.CliException;
import zship.deployer.container.Nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void severalNodesComeFromTheFirstPlaceThatNamesAny() {
        ProjectFile two = ProjectFile.empty().withNodes(List.of("a", "b"));
        AppSettings settings = merge(ProjectFile.empty(), Map.of("ZSHIP_NODE", "c, d,"), two, node("user:1"));
        assertThat(settings.nodes()).containsExactly("c", "d");
        assertThat(merge(ProjectFile.empty(), Map.of(), two, node("user:1")).nodes()).containsExactly("a", "b");
        assertThatThrownBy(settings::node).isInstanceOfSatisfying(CliException.class,
                e -> assertThat(e.failure().hint()).isEqualTo("choose one with --node"));
    }

    @Test
    void containerWithoutTheDefaultNetworkHasNoUsualPort() {
        ContainerConfig bridged = new ContainerConfig(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), List.of(Nic.of("bridge:br0")), List.of(), Map.of(), List.of("a"),
                List.of());
        ProjectFile project = new ProjectFile(Optional.empty(), Optional.empty(), List.of(), Optional.empty(),
                Optional.empty(), Map.of(), Map.of(), Map.of(), bridged, HealthConfig.EMPTY, RolloutConfig.EMPTY,
                BuildConfig.EMPTY);
        assertThat(merge(ProjectFile.empty(), Map.of(), project, ProjectFile.empty()).ports()).isEmpty();
        assertThat(bridged.over(bridged).tags()).containsExactly("a");
    }

    private static AppSettings merge(ProjectFile flags, Map<String, String> environment, ProjectFile project,
            ProjectFile user) {
        return AppSettings.merge(flags, Map.of(), environment, project, user);
    }

    private static ProjectFile node(String address) {
        return ProjectFile.empty().withNodes(List.of(address));
    }
}
