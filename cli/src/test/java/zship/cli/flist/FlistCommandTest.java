package zship.cli.flist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.Main;
import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Flist;
import zship.flist.Name;
import zship.flist.Permissions;

import static org.assertj.core.api.Assertions.assertThat;

class FlistCommandTest {
    @TempDir
    Path work;

    private String store;
    private String file;

    private record Run(int code, String out, String err) {
    }

    @BeforeEach
    void pack() throws IOException {
        Path tree = Files.createDirectories(work.resolve("tree/etc/deep"));
        Files.writeString(tree.resolve("hosts"), "127.0.0.1 localhost\n");
        Files.writeString(work.resolve("tree/etc/back\\x41slash"), "x");
        Files.write(work.resolve("tree/big"), new byte[600_000]);
        store = "dir://" + work.resolve("store");
        file = work.resolve("a.flist").toString();
        assertThat(run("pack", work.resolve("tree").toString(), "-o", file, "--store", store).code).isZero();
    }

    @Test
    void looksAtEntries() {
        assertThat(run("flist", "ls", file).out).isEqualTo("big\netc\n");
        assertThat(run("flist", "ls", file, "/etc", "-l", "-R").out).contains("/etc/deep/hosts", "20 ");
        assertThat(run("flist", "find", file, "-name", "h?st*", "-type", "f", "-size", "-1k").out)
                .isEqualTo("/etc/deep/hosts\n");
        assertThat(run("flist", "stat", file, "big", "--json").out).contains("\"size\":600000", "\"chunks\":[{");
        assertThat(run("flist", "stat", file, "/etc/back\\\\x41slash").code).isZero();
        assertThat(run("flist", "du", file).out).contains("586.0 KiB", "3 files");
    }

    @Test
    void findTakesAnyPatternAndRefusesSizesThatNothingHas() {
        assertThat(run("flist", "find", file, "-name", "*\\E*").code).isZero();
        assertThat(run("flist", "find", file, "-name", "*(*").out).isEmpty();
        assertThat(run("flist", "find", file, "-name", "h?*s").out).isEqualTo("/etc/deep/hosts\n");
        assertThat(run("flist", "find", file, "-size", "+999999999G").out).isEmpty();
        assertThat(run("flist", "find", file, "-size", "-8589934592").out).contains("/big");
        Run huge = run("flist", "find", file, "-size", "+8589934592G");
        assertThat(huge.code).isEqualTo(2);
        assertThat(huge.err).contains("cannot use -size +8589934592G");
    }

    @Test
    void storeInsideOfWhatIsPutIsRefused() throws IOException {
        byte[] before = Files.readAllBytes(Path.of(file));
        Run put = run("flist", "putdir", file, work.toString(), "/", "--store", store);
        assertThat(put.code).isEqualTo(2);
        assertThat(put.err).contains(store, "is inside of it");
        assertThat(Path.of(file)).hasBinaryContent(before);
    }

    @Test
    void filesWithoutEndAreNotTakenIntoMemory() throws IOException {
        Run readme = run("flist", "metadata", file, "readme", "--import", "/dev/zero");
        assertThat(readme.code).isEqualTo(2);
        assertThat(readme.err).contains("at most 1 MiB");
        Run chunk = run("store", "put", store, "/dev/zero");
        assertThat(chunk.code).isEqualTo(2);
        assertThat(chunk.err).contains("a chunk has at most 8 MiB");
        Path binary = Files.write(work.resolve("binary"), new byte[]{(byte) 0xff, 0});
        assertThat(run("flist", "metadata", file, "readme", "--import", binary.toString()).err)
                .contains("it is not UTF-8 text");
    }

    @Test
    void ownersAndKeysCannotForgeLines() {
        Permissions forged = new Permissions("a\nb", "c\u001b[2J", 0755, 1, 2);
        Flist.of(Directory.root(new Attributes(forged, 0, 0),
                List.of(Directory.of(Name.of("d"), new Attributes(forged, 0, 0), List.of()))))
                .withMetadata("key\n2", "value").write(Path.of(file));
        assertThat(run("flist", "ls", file, "-l").out).hasLineCount(1).contains("a\\x0ab c\\x1b[2J");
        assertThat(run("flist", "stat", file, "/d").out).contains("user       a\\x0ab\n");
        assertThat(run("flist", "metadata", file).out).isEqualTo("key\\x0a2\n");
    }

    @Test
    void changesAreKeptAndTheSameInputGivesTheSameBytes() throws IOException {
        byte[] before = Files.readAllBytes(Path.of(file));
        assertThat(run("flist", "mkdir", file, "-p", "/a/b").code).isZero();
        assertThat(run("flist", "put", file, work.resolve("tree/big").toString(), "/a/b", "--store", store).code)
                .isZero();
        assertThat(run("flist", "chmod", file, "4750", "/a/b/big").code).isZero();
        assertThat(run("flist", "ls", file, "/a/b", "-l").out).startsWith("-rwsr-x---");
        assertThat(run("flist", "rm", file, "/a").code).isEqualTo(1);
        assertThat(run("flist", "rm", file, "-r", "/a").code).isZero();
        assertThat(run("flist", "putdir", file, work.resolve("tree").toString(), "/", "--store", store).code).isZero();
        assertThat(Files.readAllBytes(Path.of(file))).isEqualTo(before);
    }

    @Test
    void metadataMergeAndDiff() {
        String other = work.resolve("b.flist").toString();
        assertThat(run("flist", "metadata", file, "port", "tcp/8000=8000").code).isZero();
        assertThat(run("flist", "metadata", file, "port").out).isEqualTo("{\"tcp/8000\": 8000}\n");
        assertThat(run("flist", "metadata", file, "backend", "zdb://:canary@h:1").err).contains("***")
                .doesNotContain("canary");
        assertThat(run("flist", "merge", file, file, "-o", other).code).isZero();
        assertThat(run("flist", "diff", file, other).code).isZero();
        assertThat(run("flist", "rm", other, "big").code).isZero();
        Run diff = run("flist", "diff", other, file);
        assertThat(diff.code).isEqualTo(1);
        assertThat(diff.out).contains("+ /big", "2 chunks");
    }

    @Test
    void contentsAreVerifiedAndCopied() throws IOException {
        Path target = work.resolve("copy");
        assertThat(run("flist", "get", file, "big", target.toString(), "--store", store).code).isZero();
        assertThat(target).hasBinaryContent(new byte[600_000]);
        String second = "dir://" + work.resolve("second");
        assertThat(run("store", "copy", store, second).out).startsWith("4 chunks copied");
        assertThat(run("store", "copy", store, second).out).startsWith("0 chunks copied").contains("4 already there");
        assertThat(run("flist", "verify", file, "--store", second).code).isZero();
        Path chunk = chunks(work.resolve("second")).getFirst();
        Files.writeString(chunk, "altered");
        assertThat(run("flist", "check", file, "--store", second).code).isZero();
        Run verify = run("flist", "verify", file, "--store", second);
        assertThat(verify.code).isEqualTo(1);
        assertThat(verify.out).contains(chunk.getFileName().toString(), "altered", "1 unusable");
        assertThat(run("store", "get", second, chunk.getFileName().toString(), target.toString()).code).isEqualTo(1);
        Files.delete(chunk);
        assertThat(run("flist", "check", file, "--store", second).code).isEqualTo(1);
        assertThat(run("store", "has", second, chunk.getFileName().toString()).code).isEqualTo(1);
        Run unpack = run("flist", "unpack", file, work.resolve("out").toString(), "--store", store);
        assertThat(unpack.out).startsWith("3 files");
    }

    @Test
    void theOldCommandLineOfZflistWorks() {
        String old = work.resolve("old.flist").toString();
        assertThat(run("zflist", "--archive", old, "--create", work.resolve("tree").toString()).out)
                .contains("[+] flist creation summary:", "[+]   flist: regular  : 3", "full size: 600021 bytes");
        assertThat(run("flist", "diff", old, file).code).isZero();
        assertThat(run("zflist", "--archive", old, "--list", "--action", "blocks").out).contains("/big\n  hash: ");
        String merged = work.resolve("merged.flist").toString();
        assertThat(run("zflist", "--archive", merged, "--merge", old, "--merge", file).code).isZero();
        assertThat(run("flist", "diff", merged, file).code).isZero();
        assertThat(run("zflist", "--archive", old, "--list", "--merge", file).code).isEqualTo(1);
    }

    @Test
    void oldOptionsMayBeAbbreviatedAndOldActionsGiveWhatTheyGave() {
        String old = work.resolve("old.flist").toString();
        assertThat(run("zflist", "--arch", old, "--cre", work.resolve("tree").toString(), "--ramdisk").code).isZero();
        assertThat(run("zflist", "--arch", old, "--list", "--act", "tree").out).contains("etc/\n", "    hosts\n");
        String json = run("zflist", "--archive", old, "--list", "--action", "json").out;
        assertThat(json.indexOf("/etc/deep/hosts")).isPositive().isLessThan(json.indexOf("\"/etc/deep\""))
                .isLessThan(json.indexOf("\"/etc\""));
        assertThat(run("zflist", "--archive", old, "--list", "--action", "dump").out).contains("/etc/deep/hosts");
        assertThat(run("zflist", "--list").code).isEqualTo(1);
        assertThat(run("zflist", "--archive", work + "/x", "--create", work + "/tree", "--backend", "127.0.0.1:1").code)
                .isEqualTo(1);
        assertThat(work.resolve("x")).doesNotExist();
        assertThat(run("zflist", "--no-such-option").code).isEqualTo(1);
    }

    @Test
    void resultOfEveryCommandIsTheLastOfItsJsonLines() throws IOException {
        Path out = work.resolve("out");
        Path extra = Files.writeString(work.resolve("extra"), "more");
        List<List<String>> commands = List.of(List.of("ls", file, "/"), List.of("find", file, "-name", "h*"),
                List.of("du", file), List.of("stat", file, "/big"), List.of("check", file, "--store", store),
                List.of("verify", file, "--store", store), List.of("metadata", file, "port", "tcp/1=2"),
                List.of("metadata", file), List.of("mkdir", file, "/made"), List.of("chmod", file, "700", "/made"),
                List.of("put", file, extra.toString(), "/made/extra", "--store", store),
                List.of("putdir", file, work.resolve("tree").toString(), "/made", "--store", store),
                List.of("get", file, "/made/extra", out.toString(), "--store", store),
                List.of("cat", file, "/made/extra", "--store", store), List.of("diff", file, file),
                List.of("merge", file, file, "-o", work.resolve("both.flist").toString()),
                List.of("rm", file, "-r", "/made"),
                List.of("unpack", file, work.resolve("unpacked").toString(), "--store", store));
        for (List<String> command : commands) {
            List<String> words = new ArrayList<>(List.of("flist"));
            words.addAll(command);
            words.add("--json");
            Run run = run(words.toArray(String[]::new));
            assertThat(run.code).as(command.toString()).isZero();
            List<JsonNode> lines = run.out.lines().map(JsonMapper.shared()::readTree).toList();
            assertThat(lines.getLast().path("event").asString()).as(command.toString()).isEqualTo("result");
            assertThat(run.err).as(command.toString()).isEmpty();
        }
        assertThat(out).hasContent("more");
    }

    @Test
    void mergeTellsWhenTheChunksOfAnotherFlistCannotBeFoundAnyMore() {
        String other = work.resolve("other.flist").toString();
        assertThat(run("flist", "init", other).code).isZero();
        assertThat(run("flist", "metadata", other, "backend", "zdb://10.0.0.1:9900").code).isZero();
        String merged = work.resolve("merged.flist").toString();
        assertThat(run("flist", "merge", file, other, "-o", merged).err)
                .contains("where the chunks of " + other + " are is not kept");
        assertThat(run("flist", "merge", file, file, "-o", merged).err).isEmpty();
    }

    @Test
    void jsonOfTheOldCommandLineIsOneObjectAsBefore() {
        String old = work.resolve("old.flist").toString();
        assertThat(run("zflist", "--archive", old, "--create", work.resolve("tree").toString(), "--json").out)
                .isEqualTo(
                        "{\"regular\":3,\"symlink\":0,\"directory\":2,\"special\":0,\"failure\":0}\n");
        String listed = run("zflist", "--archive", old, "--list", "--action", "json", "--json").out;
        assertThat(listed).startsWith("{\"regular\":3,").isEqualTo(
                run("zflist", "--archive", old, "--list", "--action", "json").out);
        Run check = run("zflist", "--archive", file, "--list", "--action", "check", "--backend", "127.0.0.1:1",
                "--json");
        assertThat(check.code).isEqualTo(1);
    }

    @Test
    void editedFlistKeepsItsRightsAndItsLinks() throws IOException {
        Path secret = Path.of(file);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(work.resolve("link.flist"), secret.getFileName());
        assertThat(run("flist", "mkdir", link.toString(), "/fresh").code).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(run("flist", "ls", file).out).contains("fresh");
    }

    @Test
    void lossesAreToldOnceAndCounted() throws IOException {
        Path tree = Files.createDirectories(work.resolve("odd/below"));
        for (int i = 0; i < 3; i++) {
            Path each = Files.writeString(tree.resolve("suid" + i), "x");
            Files.setAttribute(each, "unix:mode", 04755);
        }
        Files.setLastModifiedTime(tree.resolve("suid1"), FileTime.from(-100, TimeUnit.SECONDS));
        Files.setLastModifiedTime(tree.resolve("suid2"), FileTime.from(1L << 33, TimeUnit.SECONDS));
        String odd = work.resolve("odd.flist").toString();
        Run packed = run("pack", work.resolve("odd").toString(), "-o", odd, "--store", store);
        assertThat(packed.err).containsOnlyOnce("sticky bits are dropped by nodes: 3, such as /below/suid0")
                .containsOnlyOnce("moved to the nearest possible one: 2, such as /below/suid1");
        Run events = run("pack", work.resolve("odd").toString(), "-o", odd, "--store", store, "--json");
        assertThat(events.out).containsOnlyOnce("\"loss\":\"mode_bits\",").contains("\"event\":\"read\"",
                "\"event\":\"reused\"");
        assertThat(run("flist", "stat", odd, "/below/suid1").out).contains("modified   0\n");
        assertThat(run("flist", "stat", odd, "/below/suid2").out).contains("modified   4294967295\n");
    }

    @Test
    void editsTellWhatNodesDropOfWhatTheyBringInAndOfNothingElse() throws Exception {
        String bits = "warning: set-user-id, set-group-id and sticky bits are dropped by nodes: ";
        assertThat(run("flist", "chmod", file, "u+s", "/big", "/etc").err).isEqualTo(bits + "2, such as /big\n");
        assertThat(run("flist", "chmod", file, "4711", "/big").err).isEmpty();
        assertThat(run("flist", "chmod", file, "g+s", "/big").err).isEqualTo(bits + "1, such as /big\n");
        assertThat(run("flist", "chmod", file, "0755", "/big").err).isEmpty();
        assertThat(run("flist", "mkdir", file, "/etc/new").err).isEmpty();
        assertThat(run("flist", "metadata", file, "note", "x").err).isEmpty();

        Path odd = Files.createDirectories(work.resolve("odd/many"));
        for (int i = 0; i < 10_000; i++) {
            Files.createFile(odd.resolve("n" + i));
        }
        Files.setAttribute(Files.writeString(work.resolve("odd/suid"), "x"), "unix:mode", 04755);
        assertThat(new ProcessBuilder("mkfifo", work + "/odd/pipe").start().waitFor()).isZero();
        String[] put = {"flist", "putdir", file, work + "/odd", "/etc/deep", "--store", store};
        assertThat(run(put).err.lines()).filteredOn(line -> line.startsWith("warning"))
                .containsExactly(
                        "warning: devices, pipes and sockets are not shown by nodes: 1, such as /etc/deep/pipe",
                        bits + "1, such as /etc/deep/suid");
        assertThat(run(put).err).doesNotContain("warning");
        assertThat(run("flist", "mkdir", file, "/etc/deep/many/one", "/etc/deep/many/two").err).isEqualTo(
                "warning: nodes are slow in directories of more than 10,000 entries: 1, such as /etc/deep/many\n");
        assertThat(run("flist", "rm", file, "/etc/deep/suid").err).isEmpty();
        Run put1 = run("flist", "put", file, work + "/odd/suid", "/etc", "--store", store, "--json");
        assertThat(put1.out).containsOnlyOnce("\"event\":\"warning\",\"loss\":\"mode_bits\",\"count\":1,"
                + "\"example\":\"/etc/suid\"");
    }

    @Test
    void mergeTellsWhatNodesDropOfTheOthersAndOldScriptsReadTheSameAsBefore() throws IOException {
        String first = work.resolve("first.flist").toString();
        String second = work.resolve("second.flist").toString();
        Files.copy(Path.of(file), Path.of(first));
        Files.copy(Path.of(file), Path.of(second));
        assertThat(run("flist", "chmod", first, "u+s", "/big").code).isZero();
        assertThat(run("flist", "mkdir", second, "/tmp").code).isZero();
        assertThat(run("flist", "chmod", second, "1777", "/tmp").code).isZero();
        String warning = "sticky bits are dropped by nodes: 1, such as /tmp\n";
        String out = work.resolve("out.flist").toString();
        assertThat(run("flist", "merge", first, second, "-o", out).err).endsWith(warning);
        Run old = run("zflist", "--archive", out, "--merge", first, "--merge", second);
        assertThat(old.code).isZero();
        assertThat(old.out).isEmpty();
        assertThat(old.err).endsWith(warning);
        assertThat(run("flist", "merge", first, second).err).endsWith(warning);
        assertThat(run("flist", "merge", first, second).err).isEmpty();
    }

    @Test
    void flistBeginsEmptyAndKeepsAReadmeAndARoutingTable() throws IOException {
        String fresh = work.resolve("fresh.flist").toString();
        assertThat(run("flist", "init", fresh).code).isZero();
        assertThat(run("flist", "init", fresh).code).isEqualTo(1);
        assertThat(run("flist", "ls", fresh).out).isEmpty();
        Path readme = Files.writeString(work.resolve("README.md"), "# Radio\n");
        assertThat(run("flist", "metadata", fresh, "readme", "--import", readme.toString(), "license=MIT").code)
                .isZero();
        assertThat(run("flist", "metadata", fresh, "readme").out)
                .isEqualTo("{\"license\": \"MIT\", \"readme\": \"# Radio\\n\"}\n");
        Path table = Files.writeString(work.resolve("router.yaml"),
                "pools: {p: {'00:ff': 'zdb://canary@127.0.0.1:1'}}\nlookup: [p]\n");
        Run set = run("flist", "router", file, table.toString());
        assertThat(set.err).contains("passwords of " + table + " are left out").doesNotContain("canary");
        assertThat(run("flist", "router", file).out).contains("\"00:ff\": \"zdb://127.0.0.1:1\"")
                .doesNotContain("canary");
        Run check = run("flist", "check", file);
        assertThat(check.code).as("the flist's own table is used").isEqualTo(3);
        assertThat(check.err).contains("127.0.0.1:1");
        assertThat(run("flist", "router", file, "--remove").code).isZero();
        assertThat(run("flist", "router", file).code).isEqualTo(1);
        assertThat(run("pack", work.resolve("tree").toString(), "-o", fresh, "--store", store, "--router",
                table.toString()).code).isZero();
        assertThat(run("flist", "router", fresh).out).contains("zdb://127.0.0.1:1");
    }

    @Test
    void passwordsOfOtherToolsStayButAreNeverShownAndToldWithEveryChange() {
        String table = "pools: {p: {'00:ff': 'zdb://canary@127.0.0.1:1'}}  # ours\nlookup: [p]\n";
        String backend = "{\"host\": \"127.0.0.1\", \"port\": 1, \"password\": \"canary\", \"token\": 7}";
        Flist.open(Path.of(file)).withMetadata("backend", backend).withRouter(Optional.of(table))
                .write(Path.of(file));

        assertThat(run("flist", "router", file).out).isEqualTo(table.replace("canary", "***"));
        assertThat(run("flist", "metadata", file, "backend").out)
                .isEqualTo(backend.replace("canary", "***").replace("7", "\"***\"").replace("12\"***\"", "127") + "\n");
        for (String[] command : new String[][]{{"router", file}, {"metadata", file}, {"metadata", file, "backend"},
            {"verify", file}, {"check", file}, {"get", file, "/big", work + "/big"}, {"diff", file, file}}) {
            for (String json : List.of("--progress=plain", "--json")) {
                List<String> words = new ArrayList<>(List.of("flist"));
                words.addAll(List.of(command));
                words.add(json);
                Run shown = run(words.toArray(String[]::new));
                assertThat(shown.out + shown.err).as("%s", words).doesNotContain("canary").isNotEmpty();
            }
        }

        String merged = work.resolve("merged.flist").toString();
        String big = work.resolve("tree/big").toString();
        for (String[] command : new String[][]{{"chmod", file, "0700", "/big"}, {"metadata", file, "note", "x"},
            {"put", file, big, "/copy", "--store", store}, {"merge", file, file, "-o", merged}}) {
            List<String> words = new ArrayList<>(List.of("flist"));
            words.addAll(List.of(command));
            Run changed = run(words.toArray(String[]::new));
            String written = words.contains("-o") ? merged : file;
            assertThat(changed.code).isZero();
            assertThat(changed.err).doesNotContain("canary")
                    .contains("warning: " + written + " holds a password in its routing table",
                            "zship flist router " + written + " ROUTER.yaml",
                            "warning: " + written + " holds a password in its backend metadata",
                            "zship flist metadata " + written + " backend zdb://HOST:PORT");
        }
        assertThat(Flist.open(Path.of(merged)).router()).contains(table);
        assertThat(Flist.open(Path.of(file)).metadata()).containsEntry("backend", backend);

        assertThat(run("flist", "router", file, "--remove").err).doesNotContain("routing table")
                .contains("backend metadata");
        assertThat(run("flist", "metadata", file, "backend", "zdb://127.0.0.1:1").err).isEmpty();
    }

    @Test
    void programsAreToldOfEveryByte() {
        long whole = 600_000 + "127.0.0.1 localhost\n".length() + 1;
        Run unpacked = run("flist", "unpack", file, work.resolve("out").toString(), "--store", store, "--json");
        assertThat(sum(unpacked, "unpacked")).isEqualTo(whole);
        assertThat(sum(run("flist", "verify", file, "--store", store, "--json"), "verified")).isEqualTo(whole);
    }

    private static long sum(Run run, String event) {
        return run.out.lines().map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("event").asString("").equals(event))
                .mapToLong(line -> line.path("bytes").asLong()).sum();
    }

    @Test
    void interruptedUnpackGoesOn() throws IOException {
        Path out = work.resolve("out");
        assertThat(run("flist", "unpack", file, out.toString(), "--store", store).code).isZero();
        Files.delete(out.resolve("etc/deep/hosts"));
        Files.writeString(out.resolve("big"), "overwritten");
        assertThat(run("flist", "unpack", file, out.toString(), "--store", store).err).contains("--resume");
        Run resumed = run("flist", "unpack", file, out.toString(), "--store", store, "--resume", "--json");
        assertThat(resumed.code).isZero();
        assertThat(resumed.out).contains("\"kept\":1}");
        assertThat(out.resolve("big")).hasBinaryContent(new byte[600_000]);
        assertThat(out.resolve("etc/deep/hosts")).hasContent("127.0.0.1 localhost\n");
        Files.writeString(out.resolve("foreign"), "x");
        assertThat(run("flist", "unpack", file, out.toString(), "--store", store, "--resume").code).isEqualTo(1);
        assertThat(out.resolve("foreign")).exists();
    }

    @Test
    void chunksAndContentAreLinesForPrograms() {
        assertThat(run("flist", "chunks", file).out.lines()).hasSize(4).allMatch(it -> it.matches("[0-9a-f]{32}"));
        assertThat(run("flist", "chunks", file, "--json").out).contains("\"event\":\"result\",\"chunks\":4");
        assertThat(run("flist", "cat", file, "/etc/deep/hosts", "--store", store, "--json").out)
                .isEqualTo("{\"event\":\"content\",\"base64\":\"MTI3LjAuMC4xIGxvY2FsaG9zdAo=\"}\n"
                        + run("flist", "cat", file, "/etc/deep/hosts", "--store", store, "--json").out.lines().toList()
                                .getLast()
                        + "\n");
    }

    @Test
    void badInputIsNamedInThreeLinesAndChangesNothing() throws IOException {
        byte[] before = Files.readAllBytes(Path.of(file));
        Path damaged = Files.writeString(work.resolve("damaged"), "no flist");
        for (List<String> arguments : List.of(List.of("ls", damaged.toString()), List.of("ls", work + "/none"),
                List.of("stat", file, "/../etc"), List.of("stat", file, "/none"), List.of("cat", file, "/etc"),
                List.of("rm", file, "/none"), List.of("chmod", file, "9", "big"), List.of("mkdir", file, "/big/x"),
                List.of("put", file, work + "/none", "/", "--store", store),
                List.of("verify", file, "--store", "zdb://127.0.0.1:1"))) {
            Run run = run(Stream.concat(Stream.of("flist"), arguments.stream()).toArray(String[]::new));
            assertThat(run.code).as(arguments.toString()).isBetween(1, 5);
            assertThat(run.err.lines()).as(arguments.toString()).hasSize(3);
            assertThat(run.err).startsWith("error: cannot ").contains("  hint: ");
        }
        assertThat(Files.readAllBytes(Path.of(file))).isEqualTo(before);
    }

    private static List<Path> chunks(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** What was sent and what was there add up to what is in the flist and what is not. */
    @Test
    void summaryCountsChunksOfFilesThatAreReplaced() throws Exception {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
            for (String content : List.of("first", "second", "third")) {
                TarArchiveEntry member = new TarArchiveEntry("file");
                member.setSize(content.length());
                out.putArchiveEntry(member);
                out.write(content.getBytes(StandardCharsets.US_ASCII));
                out.closeArchiveEntry();
            }
        }
        String archive = Files.write(work.resolve("twice.tar"), tar.toByteArray()).toString();
        String packed = work.resolve("twice.flist").toString();
        assertThat(run("pack", archive, "-o", packed, "--store", store).err)
                .contains("1 chunks and 2 of files that were replaced or removed later: 3 sent", ", 0 already there");
        Run again = run("pack", archive, "-o", packed, "--store", store, "--json");
        assertThat(again.out).contains("\"chunks\":1,\"sent\":0", "\"reused\":3,\"unused\":2");
        assertThat(run("pack", work.resolve("tree").toString(), "-o", packed, "--store", store).err)
                .contains("4 chunks: 0 sent").doesNotContain("replaced");
    }

    @Test
    void pathsThatAreNotThereFailAlike() {
        String big = work.resolve("tree/big").toString();
        assertThat(run("flist", "metadata", file, "environ", "A=1").code).isZero();
        for (String[] command : new String[][]{{"stat", file, "/none"}, {"ls", file, "/none"}, {"rm", file, "/none"},
            {"rm", file, "-r", "/none"}, {"mkdir", file, "/none/below"}, {"put", file, big, "/none/below"},
            {"chmod", file, "0700", "/none"}, {"metadata", file, "environ", "--unset", "B"}}) {
            List<String> arguments = new ArrayList<>(List.of("flist"));
            arguments.addAll(List.of(command));
            if (command[0].equals("put")) {
                arguments.addAll(List.of("--store", store));
            }
            Run failed = run(arguments.toArray(String[]::new));
            assertThat(failed.code).as(arguments + failed.err).isEqualTo(1);
        }
    }

    @Test
    void metadataThatCannotBeIsRefused() throws IOException {
        byte[] before = Files.readAllBytes(Path.of(file));
        for (String port : List.of("udp/99999=70000", "tcp/8000=65536", "tcp/0=80", "tcp/80=0", "tcp/80=00000")) {
            Run refused = run("flist", "metadata", file, "port", "tcp/8000=80", port);
            assertThat(refused.code).isEqualTo(2);
            assertThat(refused.err).contains(port, "is no port", "from 1 to 65535");
        }
        assertThat(run("flist", "metadata", file, "", "x").err).contains("its key is empty");
        assertThat(run("flist", "metadata", file, "volume", "=/host").code).isEqualTo(2);
        assertThat(Files.readAllBytes(Path.of(file))).isEqualTo(before);
        assertThat(run("flist", "metadata", file, "port", "tcp/1=65535", "udp/65535=1").code).isZero();
        Flist.open(Path.of(file)).withMetadata("", "x").withMetadata("port", "{\"tcp/0\": 70000}").write(Path.of(file));
        assertThat(run("flist", "metadata", file, "port").out).contains("70000");
        assertThat(run("flist", "metadata", file).code).isZero();
    }

    @Test
    void linksHaveNoRightsOfTheirOwn() throws Exception {
        Path archive = work.resolve("links.tar");
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(tar)) {
            TarArchiveEntry link = new TarArchiveEntry("d/link", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/hosts");
            link.setMode(0644);
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
        }
        Files.write(archive, tar.toByteArray());
        String links = work.resolve("links.flist").toString();
        assertThat(run("pack", archive.toString(), "-o", links, "--store", store).code).isZero();
        assertThat(run("flist", "stat", links, "/d/link", "--json").out).contains("\"mode\":\"0777\"");
        Run refused = run("flist", "chmod", links, "0600", "/d/link");
        assertThat(refused.code).isEqualTo(1);
        assertThat(refused.err).contains("it is a link, which has no rights of its own", "/etc/hosts");
        assertThat(run("flist", "chmod", links, "-R", "0700", "/d").code).isZero();
        assertThat(run("flist", "stat", links, "/d", "--json").out).contains("\"mode\":\"0700\"");
        assertThat(run("flist", "stat", links, "/d/link", "--json").out).contains("\"mode\":\"0777\"");
    }

    @Test
    void outputGoesThroughLinksAndIntoPipesButReplacesNeither() throws Exception {
        Path target = Files.writeString(work.resolve("target"), "old");
        Path link = Files.createSymbolicLink(work.resolve("link"), target);
        assertThat(run("flist", "get", file, "/etc/deep/hosts", link.toString(), "--store", store).code).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(target).hasContent("127.0.0.1 localhost\n");
        Path pipe = work.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", "-m", "640", pipe.toString()).start().waitFor()).isZero();
        Process reader = new ProcessBuilder("cat", pipe.toString()).start();
        assertThat(run("flist", "get", file, "/etc/deep/hosts", pipe.toString(), "--store", store).code).isZero();
        assertThat(new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("127.0.0.1 localhost\n");
        assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pipe))).isEqualTo("rw-r-----");
        Run packed = run("pack", work.resolve("tree").toString(), "-o", pipe.toString(), "--store", store);
        assertThat(packed.code).isEqualTo(1);
        assertThat(packed.err).contains("cannot write the flist " + pipe, "it is a named pipe, not a file");
        assertThat(Files.readAttributes(pipe, BasicFileAttributes.class).isOther()).isTrue();
    }

    private static Run run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
            int code = Main.run(arguments);
            return new Run(code, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
