package zship.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code build --test} for those who are not root, and where namespaces are not allowed. */
class TrialIT {
    private static final String PROFILE = "classic";

    @TempDir
    private Path folder;
    private Zship root;

    @BeforeEach
    void build() throws IOException, InterruptedException {
        root = new Zship(folder.resolve("root"), Zship.sharedCache());
        BuiltRoots.build(root, PROFILE);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        assertThat(Leftovers.processesOf(folder)).isEmpty();
        assertThat(Leftovers.mountsBelow(folder)).isEmpty();
    }

    @Test
    void ordinaryUserTestsARootInNamespacesOfHisOwn() throws IOException, InterruptedException {
        try (OrdinaryUser user = new OrdinaryUser(folder)) {
            user.giveCache(Zship.sharedCache(), "zship/packages", "zship/downloads", "zship/build/icecast/" + PROFILE);
            List<JsonNode> events = user.zship().ok("build", "--profile", PROFILE, "--test", "--json").out().lines()
                    .map(JsonMapper.shared()::readTree).toList();
            assertThat(events).anySatisfy(event -> {
                assertThat(event.path("event").asString()).isEqualTo("tested");
                assertThat(event.path("port").asInt()).isEqualTo(8000);
                assertThat(event.path("secrets").size()).isEqualTo(2);
            });
            assertThat(events.getLast().path("event").asString()).isEqualTo("result");
            assertThat(OrdinaryUser.processes()).isEmpty();
        }
    }

    @Test
    void whereNamespacesAreNotAllowedItSaysWhatToChange() throws IOException, InterruptedException {
        Zship.Run user = root.by("unshare", "--user", "--map-root-user", "sh", "-c",
                "echo 1 >/proc/sys/user/max_user_namespaces;"
                        + "exec unshare --user --map-user=12345 --map-group=12345 \"$@\"",
                "sh").run("build", "--profile", PROFILE, "--test");
        assertThat(user.code()).as(user.err()).isEqualTo(3);
        assertThat(user.err()).contains("error: cannot start the root of icecast", "bwrap: ", "namespace",
                "hint: allow user namespaces: sysctl -w user.max_user_namespaces=");
    }
}
