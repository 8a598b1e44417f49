package zship.flow;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A shell in the build environment, at the point where a step works. */
class BuildShellIT {
    private static final String PROFILE = "classic";

    @TempDir
    Path folder;

    @Test
    void shellIsWhereTheCompilerWorksAndLeavesNothing() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        String digest = BuiltRoots.build(zship, PROFILE).path("sha256").asString();
        Process shell = zship.start("build", "--profile", PROFILE, "--shell", "compile");
        try (Writer input = shell.outputWriter(StandardCharsets.UTF_8)) {
            input.write(
                    "ls configure src/main.c; gcc --version | head -n 1; touch trace && echo kept; ls /home; exit 7\n");
        }
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isEqualTo(7);
        assertThat(printed).contains("configure\nsrc/main.c\n", "gcc", "kept\n");
        assertThat(BuiltRoots.build(zship, PROFILE).path("cached").asBoolean()).isTrue();
        assertThat(BuiltRoots.build(zship, PROFILE).path("sha256").asString()).isEqualTo(digest);
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    @Test
    void stepThatIsNoneIsNamedWithTheNearest() throws IOException, InterruptedException {
        Zship.Run run = new Zship(folder.resolve("home"), Zship.sharedCache()).run("build", "--shell", "compil");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("compil", "compile");
    }
}
