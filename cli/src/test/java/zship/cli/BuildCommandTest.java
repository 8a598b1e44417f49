package zship.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"--why,libz", "--shell,compile"})
    @Timeout(60)
    void questionsToABuildNameTheBuildThatTheyWaitFor(String option, String value) throws IOException {
        Path file = Files.createDirectories(home.resolve(".cache/zship/build")).resolve("lock");
        Files.writeString(file, "4711");
        try (FileChannel holder = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(holder.lock().isValid()).isTrue();
            StringBuilder said = new StringBuilder();
            OutputStream err = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    said.append((char) b);
                    if (said.toString().endsWith("process 4711, which holds " + file)) {
                        holder.close();
                    }
                }
            };
            // It ends when it has the lock: the time is checked then.
            int code = Main.run(new Cli(home).with("SOURCE_DATE_EPOCH", "today").terminal(
                    new PrintStream(OutputStream.nullOutputStream()), new PrintStream(err, true)), "build", option,
                    value);
            assertThat(code).isEqualTo(2);
            assertThat(said.toString()).startsWith("waiting for another build, process 4711, which holds " + file)
                    .contains("cannot use SOURCE_DATE_EPOCH=today");
        }
    }

    @Test
    void choicesOfAFileAreForItsOwnRecipe() throws IOException {
        settings("recipe = \"./web\"\nprofile = \"of-web\"\n");

        assertThat(new Cli(home).run("build", "icecast", "--sh", "no-such").err()).contains("the shell 'no-such'");
        assertThat(new Cli(home).run("build").err())
                .contains("cannot find the recipe " + home.resolve(".config/zship/web"));
    }
}
