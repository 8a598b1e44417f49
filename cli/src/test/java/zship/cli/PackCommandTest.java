package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    @Test
    void dryRunTellsWhatIsMissingAndLeavesNothing() throws IOException {
        Cli.Run dry = dryRun();
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.last().path("sent").asInt()).isEqualTo(1);
        assertThat(work.resolve("tree.flist")).doesNotExist();
        assertThat(work.resolve("store")).doesNotExist();
        Path packed = pack("", "tree.flist");
        Cli.Run again = dryRun();
        assertThat(again.last().path("sent").asInt()).isZero();
        assertThat(again.last().path("reused").asInt()).isEqualTo(1);
        assertThat(again.last().path("sha256").asString()).isEqualTo(Digests.sha256(packed));
    }

    @Test
    void dryRunStartsNoNode() {
        Cli.Run run = new Cli(work.resolve("home")).run("pack", work.resolve("tree").toString(), "--dry-run");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).endsWith("  tree.flist\n");
        assertThat(run.err()).contains("1 would be sent");
        assertThat(work.resolve("home")).doesNotExist();
    }

    @Test
    void flistIsCalledAsWhatIsPackedOrAsItIsNamed() throws IOException {
        Path archive = Files.write(work.resolve("root-1.tar.gz"), new byte[1024]);
        assertThat(dryRun(archive).out()).contains("/root-1.flist\"");
        assertThat(dryRun(archive, "--name", "icecast").out()).contains("/icecast.flist\"");
        assertThat(dryRun(archive, "--name", "icecast", "-o", "other").out()).contains("/other\"");
        for (String name : List.of("", "../other")) {
            Cli.Run refused = dryRun(archive, "--name", name);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.out()).contains("cannot name the flist '" + name + "'");
        }
    }

    @Test
    void storeInsideOfWhatIsPackedIsRefusedAndAnFlistThereIsTold() {
        Path tree = work.resolve("tree");
        Cli.Run refused = new Cli(work.resolve("home")).run("pack", tree.toString(), "--store", "dir://" + tree + "/s");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the store dir://" + tree + "/s is inside of it");
        assertThat(tree.resolve("s")).doesNotExist();
        Cli.Run told = new Cli(work.resolve("home")).run("pack", tree.toString(), "-o", tree + "/root.flist", "--store",
                "dir://" + work.resolve("store"));
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err()).contains("root.flist is inside of " + tree);
    }

    @Test
    void placeThatCanHoldNoFlistIsToldBeforeAnythingIsSent() throws IOException {
        Path folder = Files.createDirectories(work.resolve("folder"));
        for (String place : List.of(folder.toString(), folder + "/missing/root.flist")) {
            Cli.Run run = new Cli(work.resolve("home")).run("pack", work.resolve("tree").toString(), "-o", place,
                    "--store", "dir://" + work.resolve("store"));
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("cannot write the flist " + place);
            assertThat(work.resolve("store")).doesNotExist();
        }
    }

    private Cli.Run dryRun() {
        return dryRun(work.resolve("tree"));
    }

    private Cli.Run dryRun(Path source, String... more) {
        List<String> words = new ArrayList<>(List.of("pack", source.toString(), "--dry-run", "--json", "--store",
                "dir://" + work.resolve("store")));
        words.addAll(List.of(more));
        return new Cli(work.resolve("home")).run(words.toArray(String[]::new));
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
