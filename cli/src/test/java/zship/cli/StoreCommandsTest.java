package zship.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for commands that talk to a store. */
class StoreCommandsTest {
    @TempDir
    Path work;

    @Test
    void timeoutBoundsEachAnswerOfAStore() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "zdb://127.0.0.1:" + silent.getLocalPort();
            Files.writeString(Files.createDirectories(work.resolve("tree")).resolve("file"), "content");
            Cli cli = new Cli(work.resolve("home"));
            Cli.Run ping = cli.run("store", "ping", url, "--timeout", "300ms");
            assertThat(ping.code()).as(ping.err()).isNotZero();
            assertThat(ping.err()).contains("within 300 ms");
            Cli.Run pack = cli.with("ZSHIP_TIMEOUT", "200ms").run("pack", work.resolve("tree").toString(), "-o",
                    work.resolve("a.flist").toString(), "--store", url);
            assertThat(pack.err()).contains("within 200 ms");
        }
    }
}
