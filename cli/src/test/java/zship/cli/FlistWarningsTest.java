package zship.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.format.FlistPackage;

import static org.assertj.core.api.Assertions.assertThat;

/** What commands say of flists that other tools made, and of places that cannot be. */
class FlistWarningsTest {
    @TempDir
    Path work;

    private Cli cli;
    private Path flist;
    private String store;

    @BeforeEach
    void pack() throws IOException {
        cli = new Cli(work.resolve("home"));
        flist = work.resolve("a.flist");
        store = "dir://" + work.resolve("store");
        Files.writeString(Files.createDirectories(work.resolve("tree")).resolve("file"), "content");
        assertThat(run("pack", work.resolve("tree").toString(), "-o", flist.toString(), "--store", store).code())
                .isZero();
    }

    @Test
    void formsThatNodesRefuseAreToldUntilTheyAreMended() throws IOException {
        assertThat(run("flist", "verify", flist.toString(), "--store", store).err()).doesNotContain("warning");
        byte[] tar;
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(flist))) {
            tar = in.readAllBytes();
        }
        Files.write(flist, tar);
        for (String command : new String[]{"verify", "check"}) {
            Cli.Run told = run("flist", command, flist.toString(), "--store", store);
            assertThat(told.code()).isZero();
            assertThat(told.err()).containsOnlyOnce("warning: " + flist + ": it is not compressed by gzip")
                    .contains("zship flist merge " + flist + " " + flist);
            Cli.Run json = run("flist", command, flist.toString(), "--store", store, "--json");
            assertThat(json.events().getFirst().get("form").stringValue()).isEqualTo("uncompressed");
            assertThat(json.last().get("sound").asBoolean()).isTrue();
        }
        String hub = "http://127.0.0.1:1";
        assertThat(run("publish", flist.toString(), "--hub", hub).err()).contains("it is not compressed by gzip");
        assertThat(run("deploy", flist.toString(), "--hub", hub, "--store", store, "--node", "127.0.0.1:1").err())
                .contains("it is not compressed by gzip");
        assertThat(run("flist", "merge", flist.toString(), flist.toString()).code()).isZero();
        assertThat(run("flist", "verify", flist.toString(), "--store", store).err()).doesNotContain("warning");
    }

    @Test
    void commandThatIsNamedMendsWhatIsTold() throws IOException {
        byte[] sound = Files.readAllBytes(flist);
        FlistPackage outer = FlistPackage.read(Files.newInputStream(flist));
        for (boolean trailing : new boolean[]{true, false}) {
            try (OutputStream out = Files.newOutputStream(flist)) {
                if (trailing) {
                    out.write(sound);
                    out.write('x');
                } else {
                    new FlistPackage(outer.database(), Optional.of("")).write(out);
                }
            }
            String told = run("flist", "verify", flist.toString(), "--store", store).err();
            assertThat(told).contains(trailing ? "something follows its gzip stream" : "its routing table is empty");
            String command = told.lines().filter(line -> line.contains("to mend it: zship ")).findFirst().orElseThrow()
                    .replaceFirst(".*to mend it: zship ", "");
            assertThat(run(command.split(" ")).code()).as(command).isZero();
            assertThat(flist).hasBinaryContent(sound);
        }
    }

    @Test
    void placesThatAreOfAnotherKindAreNamed() throws IOException {
        String file = Files.writeString(work.resolve("plain"), "x").toString();
        assertThat(run("flist", "mkdir", flist.toString(), "/file/below/more").err())
                .contains("/file is not a directory", "remove it first");
        assertThat(run("flist", "mkdir", flist.toString(), "/a/b/c").err()).contains("there is no directory /a\n");
        assertThat(run("flist", "unpack", flist.toString(), file, "--store", store).err())
                .contains("cannot unpack to " + file, "it is not a directory", "name an empty or new directory");
        assertThat(run("flist", "mount", flist.toString(), file, "--store", store).err())
                .contains("it is not a directory");
        Cli.Run negative = run("flist", "mount", flist.toString(), file, "--store", store, "--cache-size=-5");
        assertThat(negative.code()).isEqualTo(2);
        assertThat(negative.err()).contains("cannot use --cache-size -5");
    }

    @Test
    void fileThatTellsNoSizeIsNotPutWithoutItsContent() throws IOException {
        byte[] before = Files.readAllBytes(flist);
        Cli.Run put = run("flist", "put", flist.toString(), "/proc/version", "/version", "--store", store);
        assertThat(put.code()).isEqualTo(1);
        assertThat(put.err()).contains("/proc/version", "it tells a size of 0 and has content", "cp");
        assertThat(flist).hasBinaryContent(before);
        String empty = Files.writeString(work.resolve("empty"), "").toString();
        assertThat(run("flist", "put", flist.toString(), empty, "/empty", "--store", store).code()).isZero();
    }

    @Test
    void addressesThatNodesFailOnAreToldWhenATableIsPutIn() throws IOException {
        Path table = work.resolve("router.yaml");
        for (String host : new String[]{"[::1]", "127.0.0.1"}) {
            Files.writeString(table, "pools: {p: {'00:ff': 'zdb://%s:9900'}}\nlookup: [p]\n".formatted(host));
            Cli.Run set = run("flist", "router", flist.toString(), table.toString());
            assertThat(set.code()).isZero();
            assertThat(set.err().contains("warning: " + table + " names [::1]:9900: nodes fail on"))
                    .isEqualTo(host.startsWith("["));
        }
    }

    private Cli.Run run(String... arguments) {
        return cli.run(arguments);
    }
}
