package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What the settings choose among the ways to build a root; nothing is built. */
class BuildCommandTest {
    @TempDir
    Path home;

    private Path settings(String text) throws IOException {
        Path file = Files.createDirectories(home.resolve(".config/zship")).resolve("zship.toml");
        return Files.writeString(file, text);
    }

    @Test
    void wrongChoiceInAFileNamesItsLineAndTheNearest() throws IOException {
        Path file = settings("name = \"radio\"\nprofile = \"classic\"\nfeatures = [\"curl\", \"tsl\"]\n");

        Cli.Run run = new Cli(home).run("plan");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                error: cannot find the feature 'tsl'
                  %s line 3: there are curl, speex, theora, tls
                  hint: did you mean 'tls'?
                """.formatted(file));
        settings("profile = \"slin\"\n");
        assertThat(new Cli(home).run("build").err())
                .contains("cannot find the profile 'slin'", "zship.toml line 1: ", "did you mean 'slim'?");
    }

    @Test
    void flagWinsOverVariableOverFile() throws IOException {
        settings("sh = \"in-file\"\n");

        assertThat(new Cli(home).run("plan").err()).contains("the shell 'in-file'", "line 1: ");
        assertThat(new Cli(home).with("ZSHIP_SH", "in-variable").run("plan").err())
                .contains("the shell 'in-variable'", "ZSHIP_SH: ");
        assertThat(new Cli(home).with("ZSHIP_SH", "in-variable").run("plan", "--sh", "in-flag").err())
                .contains("the shell 'in-flag'", "--sh: ");
    }

    @Test
    void choicesOfAFileAreForItsOwnRecipe() throws IOException {
        settings("recipe = \"./web\"\nprofile = \"of-web\"\n");

        assertThat(new Cli(home).run("build", "icecast", "--sh", "no-such").err()).contains("the shell 'no-such'");
        assertThat(new Cli(home).run("build").err())
                .contains("cannot find the recipe " + home.resolve(".config/zship/web"));
    }
}
