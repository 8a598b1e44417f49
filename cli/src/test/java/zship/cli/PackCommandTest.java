package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Flist;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@code zship pack}: what the environment says about an flist. */
class PackCommandTest {
    private static final long EPOCH = 1_541_020_571;

    @TempDir
    Path work;

    @BeforeEach
    void tree() throws IOException {
        Files.writeString(Files.createDirectories(work.resolve("tree")).resolve("file"), "content");
    }

    @Test
    void creationTimeIsThatOfTheEnvironment() throws IOException {
        Path first = pack(Long.toString(EPOCH), "first.flist");
        assertThat(Flist.open(first).root().attributes().created()).isEqualTo(EPOCH);
        assertThat(pack(Long.toString(EPOCH), "second.flist")).hasSameBinaryContentAs(first);
        assertThat(Flist.open(pack("", "third.flist")).root().attributes().created()).isZero();
    }

    @Test
    void timeThatNoFlistCanHoldIsRefused() throws IOException {
        Cli.Run run = run("4294967296", "refused.flist");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("SOURCE_DATE_EPOCH=4294967296");
        assertThat(work.resolve("refused.flist")).doesNotExist();
    }

    private Path pack(String epoch, String name) throws IOException {
        Cli.Run run = run(epoch, name);
        assertThat(run.code()).as(run.err()).isZero();
        return work.resolve(name);
    }

    private Cli.Run run(String epoch, String name) {
        return new Cli(work.resolve("home")).with("SOURCE_DATE_EPOCH", epoch).run("pack",
                work.resolve("tree").toString(), "-o",
                work.resolve(name).toString(), "--store", "dir://" + work.resolve("store"));
    }
}
