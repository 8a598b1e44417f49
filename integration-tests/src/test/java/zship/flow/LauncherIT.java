package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The launcher finds its home and a JDK, and passes exit codes and signals through. */
class LauncherIT {
    @TempDir
    Path folder;

    @Test
    void worksFromAnyFolderThroughALink() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(folder.resolve("zs"), Zship.launcher());
        Process process = new ProcessBuilder(link.toString(), "--version").directory(folder.toFile()).start();
        assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("zship 0.1.0\n");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void olderJavaHomeIsPassedOver() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache()).with("JAVA_HOME", "/nonexistent");
        assertThat(zship.ok("--version").out()).isEqualTo("zship 0.1.0\n");
    }

    @Test
    void exitCodeOfAWrongCommandLineIsTwo() throws IOException, InterruptedException {
        Zship.Run run = new Zship(folder.resolve("home"), Zship.sharedCache()).run("pss");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("""
                error: cannot use pss
                  zship has no such command
                  hint: did you mean ps? See zship --help
                """);
    }

    @Test
    void terminatedNodeEndsWithTheSignal() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        Process node = zship.start("node", "run", "--ready");
        assertThat(node.inputReader().readLine()).isEqualTo("ready");
        node.destroy();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isEqualTo(143);
        assertThat(zship.run("node", "status").code()).isEqualTo(3);
    }
}
