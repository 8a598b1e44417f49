package zship.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What bash itself offers after some words; the program is a stand-in that knows two containers. */
class CompletionCommandTest {
    @TempDir
    Path folder;

    private Path program;

    @BeforeEach
    void standIn() throws IOException {
        program = Files.writeString(folder.resolve("zship"),
                "#!/bin/sh\n[ \"$*\" = 'completion names' ] && printf 'icecast2\\nradio\\n'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("zship.bash"), new Cli(folder).run("completion", "bash").out());
    }

    @Test
    void commandsOptionsAndValuesAreOffered() throws IOException, InterruptedException {
        assertThat(offered("")).contains("up", "ps", "flist", "hub", "completion").doesNotContain("--json", "names");
        assertThat(offered("ro")).containsExactly("rollback");
        assertThat(offered("flist", "ch")).contains("check", "chmod").doesNotContain("cat");
        assertThat(offered("up", "--re")).containsExactly("--repack");
        assertThat(offered("up", "--progress", "")).containsExactly("auto", "tty", "plain", "json", "quiet");
        assertThat(offered("completion", "")).containsExactlyInAnyOrder("bash", "zsh", "fish");
    }

    @Test
    void namesOfLiveContainersAreOffered() throws IOException, InterruptedException {
        for (String command : List.of("logs", "rm", "inspect", "exec", "redeploy", "history", "rollback")) {
            assertThat(offered(command, "")).as(command).containsExactly("icecast2", "radio");
            assertThat(offered(command, "ra")).containsExactly("radio");
        }
        assertThat(offered("build", "")).doesNotContain("radio");
    }

    @Test
    void valueOfAnOptionIsLeftToTheShell() throws IOException, InterruptedException {
        assertThat(offered("up", "--env-file", "")).isEmpty();
    }

    @Test
    void withoutANodeThereAreNoNamesAndNoError() {
        Cli.Run run = new Cli(folder).run("completion", "names");

        assertThat(run.code()).isZero();
        assertThat(run.out() + run.err()).isEmpty();
    }

    private List<String> offered(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", "--norc", "-c", """
                source "$1"; shift
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
                _zship
                [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
                """, "bash", folder.resolve("zship.bash").toString(), program.toString()));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
