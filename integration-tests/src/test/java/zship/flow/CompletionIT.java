package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What zsh and fish offer; bash has a test beside the command. */
class CompletionIT extends FreshUser {
    @Test
    void zshOffersCommandsAndOptions() throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("_zship"), zship.ok("completion", "zsh").out());
        assertThat(output("zsh", "-f", "-c", "autoload -U compinit && compinit -u -D && source \"$1\" && "
                + "_zship_candidates false flist && print -r -- $_comps[zship]", "zsh", script.toString()))
                .contains("chmod", "--json", "_zship");
    }

    @Test
    void fishOffersCommandsOptionsAndFiles() throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("zship.fish"), zship.ok("completion", "fish").out());
        Files.writeString(folder.resolve("some.toml"), "");
        assertThat(fish(script, "zship flist ch")).containsExactly("check", "chmod", "chunks");
        assertThat(fish(script, "zship up --re")).containsExactly("--repack");
        assertThat(fish(script, "zship up --progress q")).containsExactly("quiet");
        assertThat(fish(script, "zship up " + folder + "/so")).containsExactly(folder + "/some.toml");
    }

    private static List<String> fish(Path script, String line) throws IOException, InterruptedException {
        return output("fish", "--no-config", "-c", "source " + script + "; complete -C '" + line + "'").stream()
                .map(it -> it.replaceFirst("\t.*", "")).toList();
    }

    private static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
