package zship.localnode.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ProgramLogTest {
    @TempDir
    private Path folder;

    @Test
    void largeLogIsKeptAsideAndASmallOneGoesOn() throws IOException {
        Path log = folder.resolve("logs/node.log");
        assertThat(ProgramLog.open(log)).isEqualTo(log).doesNotExist();
        Files.writeString(log, "short");
        assertThat(ProgramLog.open(log)).hasContent("short");

        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.setLength((4 << 20) + 1);
        }
        assertThat(ProgramLog.open(log)).doesNotExist();
        assertThat(folder.resolve("logs/node.log.1")).hasSize((4 << 20) + 1);
    }
}
