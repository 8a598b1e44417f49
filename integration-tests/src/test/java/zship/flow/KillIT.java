package zship.flow;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code up} is killed with SIGKILL in the middle; the next one succeeds and nothing is left that {@code ps} does not show. */
class KillIT extends FreshUser {
    /** What is built most quickly. */
    private static final String QUICKEST = RecipeIT.RECIPE.toString();

    @ParameterizedTest
    @ValueSource(strings = {"\"step\":\"root\"", "\"step\":\"flist\"", "\"step\":\"publish\"", "\"deploy\":\"planned\"",
        "\"deploy\":\"preflight\"", "\"deploy\":\"created\"", "\"deploy\":\"probed\""})
    void upAfterAKilledUpSucceeds(String line) throws IOException, InterruptedException {
        assertThat(zship.killAt(line, "up", "--json", "-p", port + ":8000")).as("killed at " + line).isTrue();
        zship.ok("up", "-p", port + ":8000");
        assertThat(new Icecast(port).get("/status-json.xsl")).isEqualTo(200);
        assertThat(zship.ok("ps", "--json").json().path("containers")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"step\":\"download\"", "\"step\":\"extract\"", "\"step\":\"compile\"",
        "\"step\":\"dependencies\""})
    void buildAfterAKilledBuildSucceeds(String line) throws IOException, InterruptedException {
        String[] build = {"build", QUICKEST, "--json", "--clean"};
        assertThat(zship.killAt(line, build)).as("killed at " + line).isTrue();
        assertThat(Leftovers.processesIn(Zship.sharedCache())).isEmpty();
        Zship.Run again = zship.ok("build", QUICKEST, "--json");
        assertThat(again.json().path("sha256").asString()).matches("[0-9a-f]{64}");
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    @Test
    void interruptedCompilationSaysSoAndEndsItsPrograms() throws IOException, InterruptedException {
        Zship.Run ended = zship.interruptAt("\"step\":\"extract\"", "build", QUICKEST, "--json", "--clean")
                .orElseThrow();
        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.json().path("code").asInt()).isEqualTo(130);
        assertThat(ended.json().path("what").asString()).isEqualTo("interrupted during root");
        assertThat(ended.out().lines().filter(line -> line.contains("\"error\""))).hasSize(1);
        assertThat(Leftovers.processesIn(Zship.sharedCache())).isEmpty();
        assertThat(zship.ok("build", QUICKEST, "--json").json().path("sha256").asString())
                .matches("[0-9a-f]{64}");
    }

    @Test
    void interruptedUpSaysWhatIsLeft() throws IOException, InterruptedException {
        // It would be done at once if it found what it waits for.
        Zship.Run ended = zship.interruptAt("\"deploy\":\"created\"", "up", "--json", "-p", port + ":8000",
                "--health-path", "/never").orElseThrow();
        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.json().path("what").asString()).isEqualTo("interrupted during deploy");
        assertThat(ended.json().path("why").asString()).contains("container 1 was made");
        zship.ok("up", "-p", port + ":8000");
        assertThat(zship.ok("ps", "--json").json().path("containers")).hasSize(1);
    }
}
