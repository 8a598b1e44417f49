package zship.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for commands that talk to a store. */
class StoreCommandsTest {
    @TempDir
    Path work;

    @Test
    void readingCreatesNoStoreAndSaysThatThereIsNone() throws IOException {
        Files.writeString(Files.createDirectories(work.resolve("tree")).resolve("file"), "content");
        Cli cli = new Cli(work.resolve("home"));
        String flist = work.resolve("a.flist").toString();
        String store = "dir://" + work.resolve("deep/store");
        assertThat(cli.run("pack", work.resolve("tree").toString(), "-o", flist, "--store", store).code()).isZero();
        Path typo = work.resolve("typo");
        String wrong = "dir://" + typo;
        String target = work.resolve("target").toString();
        for (List<String> command : List.of(List.of("store", "ping", wrong), List.of("store", "stat", wrong),
                List.of("store", "copy", wrong, store), List.of("flist", "check", flist, "--store", wrong),
                List.of("flist", "verify", flist, "--store", wrong),
                List.of("flist", "unpack", flist, target, "--store", wrong),
                List.of("flist", "cat", flist, "/file", "--store", wrong),
                List.of("flist", "get", flist, "/file", target, "--store", wrong))) {
            Cli.Run run = cli.run(command.toArray(String[]::new));
            assertThat(run.code()).as(command + run.err()).isEqualTo(2);
            assertThat(run.err()).contains("there is no directory " + typo, "zship pack");
            assertThat(typo).doesNotExist();
        }
        Path copy = work.resolve("copy");
        assertThat(cli.run("store", "copy", store, "dir://" + copy).code()).isZero();
        assertThat(copy).isDirectory();
    }

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
