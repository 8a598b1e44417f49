package zship.cli.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.cli.failure.CliException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SmallValuesTest {

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "7,7000", "2m,120000", "1h,3600000", "7d,604800000"})
    void durationIsParsed(String text, long millis) {
        assertThat(Durations.parse("--timeout", text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1s", "1w", "s", "1.5s", "99999999s"})
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse("--timeout", text)).isInstanceOf(CliException.class)
                .hasMessageContaining("--timeout");
    }

    @Test
    void nearestFindsASlipAndNothingElse() {
        assertThat(Nearest.to("recpie", List.of("recipe", "name"))).contains("recipe");
        assertThat(Nearest.to("xylophone", List.of("recipe", "name"))).isEmpty();
    }

    @Test
    void foldersFollowTheXdgVariablesWhenTheyAreAbsolute() {
        Folders folders = Folders
                .of(Map.of("HOME", "/home/u", "XDG_STATE_HOME", "/state", "XDG_CACHE_HOME", "relative"));
        assertThat(folders.state()).isEqualTo(Path.of("/state/zship"));
        assertThat(folders.cache()).isEqualTo(Path.of("/home/u/.cache/zship"));
        assertThat(folders.config()).isEqualTo(Path.of("/home/u/.config/zship"));
    }
}
