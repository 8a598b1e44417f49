package zship.localnode.attendant;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.localnode.process.JavaProgram;
import zship.localnode.process.ProcessMark;

import static org.assertj.core.api.Assertions.assertThat;

/** The attendant outlives its node, but not for nothing. */
class AttendantProcessTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void endsWhenItsNodeWasKilledBeforeItCouldAskAnything() throws Exception {
        List<String> command = new ArrayList<>(JavaProgram.command(AttendantProcess.class.getName(), List.of()));
        command.addAll(List.of(folder.resolve("chunks").toString(), "1000000", "" + ProcessMark.own().pid(),
                "an earlier start"));
        Process attendant = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(attendant.waitFor()).isZero();
        } finally {
            attendant.destroyForcibly();
        }
        assertThat(folder.resolve(Wire.SOCKET)).as("a socket that a later node would ask").doesNotExist();
    }
}
