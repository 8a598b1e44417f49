package zship.flow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Each wrong turn a user can take: three lines, the right exit code, nothing lost. */
class BadInputIT extends FreshUser {
    @Test
    void unknownRecipeNamesTheNearest() throws IOException, InterruptedException {
        expect(zship.run("build", "icecats"), 2, "icecats", "icecast");
    }

    @Test
    void unknownOptionNamesTheNearest() throws IOException, InterruptedException {
        expect(zship.run("up", "--repakc"), 2, "--repakc", "--repack");
    }

    @Test
    void sourceWithWrongChecksumNamesBothDigests() throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("icecast-2.4.4.tar.gz"), "not the source");
        Zship fresh = new Zship(folder.resolve("home"), folder.resolve("cache"));
        expect(fresh.run("build", "--source", source.toString()), 1,
                "49b5979f9f614140b6a38046154203ee28218d8fc549888596a683ad604e4d44", "icecast-2.4.4.tar.gz");
    }

    @Test
    void nodeThatDoesNotRunIsNamedWithTheRemedy() throws IOException, InterruptedException {
        for (String[] command : new String[][]{{"ps"}, {"rm", "icecast2"}, {"logs", "icecast2"},
            {"exec", "icecast2", "--", "/bin/x"}, {"redeploy", "icecast2"}}) {
            expect(zship.run(command), 3, "node", "zship node start");
        }
    }

    @Test
    void takenPortIsExplainedByItsHolder() throws IOException, InterruptedException {
        try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            Zship.Run run = zship.run("up", "-p", port + ":8000");
            expect(run, 3, String.valueOf(holder.getLocalPort()), "java");
            assertThat(run.err()).contains(String.valueOf(ProcessHandle.current().pid()));
        }
        zship.ok("up", "-p", port + ":8000");
        assertThat(new Icecast(port).get("/status-json.xsl")).isEqualTo(200);
    }

    @Test
    void portOfAnotherContainerIsExplainedByItsName() throws IOException, InterruptedException {
        zship.ok("up", "-p", port + ":8000");
        expect(zship.run("up", "--name", "second", "-p", port + ":8000"), 3, "icecast2", String.valueOf(port));
        assertThat(zship.ok("ps", "--json").json().path("containers")).hasSize(1);
    }

    @Test
    void alteredChunkIsNamedAndHealed() throws IOException, InterruptedException {
        zship.ok("node", "start", "--roots", "full");
        zship.ok("up", "-p", port + ":8000");
        zship.ok("rm", "icecast2");
        Path chunk = largestChunk();
        byte[] bytes = Files.readAllBytes(chunk);
        bytes[bytes.length / 2] ^= 1;
        Files.write(chunk, bytes);
        forgetUnpackedRoots();
        Zship.Run run = zship.run("up", "-p", port + ":8000");
        assertThat(run.code()).isIn(1, 5);
        assertThat(run.err()).contains("chunk").contains(chunkName(chunk)).contains("/");
        zship.ok("up", "--repack", "-p", port + ":8000");
        assertThat(new Icecast(port).get("/status-json.xsl")).isEqualTo(200);
    }

    @Test
    void missingChunkIsNamedAndSentAgain() throws IOException, InterruptedException {
        zship.ok("node", "start", "--roots", "full");
        zship.ok("up", "-p", port + ":8000");
        zship.ok("rm", "icecast2");
        Path chunk = largestChunk();
        Files.delete(chunk);
        forgetUnpackedRoots();
        Path flist = packedFlist();
        expect(zship.run("deploy", flist.toString(), "--recipe", "icecast", "-p", port + ":8000"), 5,
                chunkName(chunk), "pack again");
        JsonNode result = zship.ok("up", "--json", "-p", port + ":8000").json();
        assertThat(result.path("url").asString()).endsWith(":" + port);
    }

    @Test
    void damagedFlistIsRefused() throws IOException, InterruptedException {
        Path flist = Files.writeString(folder.resolve("broken.flist"), "this is no flist at all");
        expect(zship.run("deploy", flist.toString(), "-p", port + ":8000"), 5, "the flist " + flist,
                "download or pack the flist again");
        assertThat(zship.ok("ps", "--json").json().path("containers")).isEmpty();
    }

    @Test
    void failingServiceShowsItsLastOutput() throws IOException, InterruptedException {
        Zship.Run run = zship.run("up", "-p", port + ":8000", "-e", "ICECAST_PORT=abc");
        expect(run, 4, "ICECAST_PORT", "hint");
    }

    @Test
    void shippedPasswordIsRefused() throws IOException, InterruptedException {
        Zship.Run run = zship.run("up", "-p", port + ":8000", "-e", "ICECAST_SOURCE_PASSWORD=hackme");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("ICECAST_SOURCE_PASSWORD");
    }

    @Test
    void fullOrReadOnlyStoreLosesNothing() throws IOException, InterruptedException {
        Path store = Files.createDirectories(zship.state().resolve("node/store"));
        done("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", store.toString());
        try {
            expect(zship.run("up", "-p", port + ":8000"), 5, "No space left", "zdb://127.0.0.1");
            done("mount", "-o", "remount,ro", store.toString());
            expect(zship.run("up", "-p", port + ":8000"), 5, "Read-only file system", "zdb://127.0.0.1");
            done("mount", "-o", "remount,rw,size=200m", store.toString());
            zship.ok("up", "-p", port + ":8000");
            assertThat(new Icecast(port).get("/status-json.xsl")).isEqualTo(200);
        } finally {
            zship.close();
            done("umount", store.toString());
        }
    }

    @Test
    void missingCompilerIsNamedWithItsPackage() throws IOException, InterruptedException {
        Zship without = new Zship(zship.home(), folder.resolve("cache")).by("unshare", "--mount", "sh", "-c",
                "mount --bind /dev/null \"$(readlink -f /usr/bin/gcc)\" && exec \"$0\" \"$@\"");
        expect(without.run("build", "--host", "--profile", "classic"), 3, "gcc");
    }

    @Test
    void noRightToMakeNamespacesIsSaid() throws IOException, InterruptedException {
        Zship bound = zship.by("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin");
        Zship.Run run = bound.run("up", "-p", port + ":8000");
        expect(run, 3, "namespaces", "root");
        assertThat(run.err()).as("what the doctor adds").contains(" doctor: namespaces: ");
    }

    private static void done(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private void expect(Zship.Run run, int code, String... facts) {
        assertThat(run.code()).as(run.err() + run.out()).isEqualTo(code);
        List<String> error = run.err().lines().dropWhile(line -> !line.startsWith("error: ")).toList();
        assertThat(error).hasSizeGreaterThanOrEqualTo(3);
        assertThat(error.getLast()).startsWith("  hint: ");
        assertThat(String.join("\n", error)).contains(facts).doesNotContain("Exception").doesNotContain("\tat ");
    }

    /** The flist that {@code up} keeps; those of other tests have the same content. */
    private static Path packedFlist() throws IOException {
        try (Stream<Path> files = Files.list(Zship.sharedCache().resolve("zship/flists"))) {
            return files.filter(file -> file.toString().endsWith(".flist"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified())).orElseThrow();
        }
    }

    private Path largestChunk() throws IOException {
        try (Stream<Path> files = Files.walk(zship.state().resolve("node/store"))) {
            return files.filter(Files::isRegularFile)
                    .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                    .orElseThrow();
        }
    }

    /** The id of a chunk: the store's file is named by it, after a letter that tells it from a temporary file. */
    private String chunkName(Path chunk) {
        return chunk.getFileName().toString().substring(1, 33).toLowerCase(java.util.Locale.ROOT);
    }

    /** Deletes what the node has unpacked, so that it must read the chunks again. */
    private void forgetUnpackedRoots() throws IOException, InterruptedException {
        Process find = new ProcessBuilder("find", zship.state().resolve("node/roots").toString(), "-mindepth", "1",
                "-delete").start();
        assertThat(find.waitFor()).as(new String(find.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
    }
}
