package zship.builder.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.BuildException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link Toolbox} with programs that every system has. */
class ToolboxTest {

    @TempDir
    private Path folder;

    private Toolbox tools;

    @BeforeEach
    void makeTools() {
        tools = new Toolbox("/usr/bin:/bin", Map.of("LC_ALL", "C"), folder.resolve("logs/step.log"));
    }

    @Test
    void captureWhenProgramPrintsItsEnvironmentShowsOnlyWhatWasGiven() throws IOException {
        Toolbox.Output output = tools.withEnvironment(Map.of("TZ", "UTC")).capture(folder, List.of("env"));
        assertThat(output.status()).isZero();
        assertThat(output.text().lines()).containsExactlyInAnyOrder("LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin");
    }

    @Test
    void runWhenProgramFailsQuotesItsLastLinesAndTheLog() {
        List<String> command = List.of("ls", "/no such folder; $(echo x)");
        assertThatThrownBy(() -> tools.run(folder, command)).isInstanceOfSatisfying(BuildException.class, e -> {
            assertThat(e.kind()).isEqualTo(BuildException.Kind.FAILED);
            assertThat(e.what()).isEqualTo("run ls");
            assertThat(e.why()).startsWith("exit status 2\n").contains("'/no such folder; $(echo x)'");
            assertThat(e.hint()).contains("logs/step.log");
        });
        assertThat(folder.resolve("logs/step.log")).content().startsWith("$ ls /no such folder");
    }

    @Test
    void runWhenProgramIsAPathStartsTheOneInTheWorkingDirectory() throws IOException {
        Path work = Files.createDirectory(folder.resolve("work"));
        Path script = Files.writeString(work.resolve("configure"), "#!/bin/sh\npwd >here\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        tools.run(work, List.of("./configure"));
        assertThat(work.resolve("here")).hasContent(work.toRealPath().toString());
    }

    @Test
    void runWhenProgramIsNotInTheSearchPathIsAPrerequisite() {
        assertThatThrownBy(() -> tools.run(folder, List.of("no-such-compiler")))
                .isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.PREREQUISITE);
                    assertThat(e.why()).contains("no-such-compiler", "/usr/bin:/bin");
                });
    }

    @Test
    void runWhenThreadIsInterruptedStopsTheProgram() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> tools.run(folder, List.of("sleep", "600"))).isInstanceOf(BuildException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)
                .filter(child -> child.info().command().orElse("").endsWith("/sleep"))
                .allMatch(child -> child.onExit().join() != null)).isTrue();
    }

    @Test
    void runEndsWhatTheProgramStartedTogetherWithIt() throws IOException {
        String time = "600." + ProcessHandle.current().pid();
        tools.run(folder, List.of("sh", "-c", "sleep " + time + " & echo started"));
        assertThat(ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep " + time))).isEmpty();
    }

    @Test
    void pipeGivesTheSecondProgramWhatTheFirstPrints() throws IOException {
        tools.pipe(folder, List.of("printf", "b\\na\\n"), List.of("sort"));
        assertThat(folder.resolve("logs/step.log")).content().endsWith("a\nb\n");
    }

    @Test
    void pipeWhenTheFirstProgramFailsNamesIt() {
        assertThatThrownBy(() -> tools.pipe(folder, List.of("ls", "/no such folder"), List.of("cat")))
                .isInstanceOfSatisfying(BuildException.class, e -> assertThat(e.what()).isEqualTo("run ls"));
    }

    @Test
    void byRunsProgramsByWayOfAnother() throws IOException {
        Toolbox inside = tools.by(List.of("/usr/bin/env", "INSIDE=yes"), "/usr/bin");
        assertThat(inside.capture(folder, List.of("env")).text()).contains("INSIDE=yes", "PATH=/usr/bin\n");
        assertThatThrownBy(() -> inside.run(folder, List.of("no-such-program")))
                .isInstanceOfSatisfying(BuildException.class,
                        e -> assertThat(e.why()).startsWith("exit status 127").doesNotContain("$ "));
    }

    @Test
    void runWhenMuchFollowsAnErrorQuotesItAllTheSame() {
        String script = "echo 'a.c:1:2: error: no such thing'; seq 1 50; exit 2";
        assertThatThrownBy(() -> tools.run(folder, List.of("sh", "-c", script)))
                .isInstanceOfSatisfying(BuildException.class, e -> assertThat(e.why().lines())
                        .containsExactly("exit status 2", "a.c:1:2: error: no such thing", "44", "45", "46", "47", "48",
                                "49", "50"));
    }
}
