package zship.flist.pack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.GoldenData;
import zship.flist.LinkEntry;
import zship.flist.SpecialEntry;
import zship.flist.TreeListing;
import zship.flist.TreePath;
import zship.flist.store.ChunkStore;
import zship.flist.store.MemoryStore;
import zship.flist.store.StoreException;
import zship.flist.unpack.Unpacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PackerTest {
    @TempDir
    private Path work;

    private final MemoryStore store = new MemoryStore();
    private final List<PackEvent> events = new ArrayList<>();

    @Test
    void packWhenSourceIsTheGoldenTreeGivesTheChunksOfTheRealTool() {
        MemoryStore golden = GoldenData.store();
        Flist original = Flist.open(GoldenData.file("golden.flist"));
        Path tree = work.resolve("tree");
        new Unpacker(golden).unpack(original, tree);
        PackedFlist packed = pack(tree);
        assertThat(store.chunks().keySet()).isEqualTo(original.chunkIds());
        assertThat(packed.sentChunks()).isEqualTo(packed.chunks()).isEqualTo(original.chunkIds().size());
        Flist again = Flist.open(packed.file());
        assertThat(TreeListing.of(again, store)).isEqualTo(TreeListing.of(original, golden));
        assertThat(again.lookup(TreePath.of("special/chr-300-70000"))).get()
                .isInstanceOfSatisfying(SpecialEntry.class, device -> {
                    assertThat(device.kind()).isEqualTo(SpecialEntry.Kind.CHARACTER);
                    assertThat(device.minor()).isEqualTo(70000);
                });
    }

    @Test
    void packWhenTheArchiveIsEmptyLeavesTheFlistAlone() throws Exception {
        PackedFlist before = pack(tree());
        Path archive = Files.createFile(work.resolve("empty.tar.gz"));
        assertThatThrownBy(() -> new Packer(store, events::add).pack(archive, before.file(), PackOptions.DEFAULT))
                .isInstanceOfSatisfying(FlistException.class, refused -> {
                    assertThat(refused.kind()).isEqualTo(FlistException.Kind.DAMAGED);
                    assertThat(refused.why()).isEqualTo("the file is empty");
                });
        assertThat(Flist.open(before.file()).chunkIds()).hasSize(before.chunks());
    }

    @Test
    void packWhenRepeatedGivesTheSameBytesAndSendsNothing() throws Exception {
        Path tree = tree();
        PackedFlist first = pack(tree);
        byte[] bytes = Files.readAllBytes(first.file());
        PackedFlist second = pack(tree);
        assertThat(second.sha256()).isEqualTo(first.sha256());
        assertThat(Files.readAllBytes(second.file())).isEqualTo(bytes);
        assertThat(second.sentChunks()).isZero();
        assertThat(second.reusedChunks()).isEqualTo(first.chunks());
    }

    @Test
    void packWhenOverwritingSendsEveryChunkAgain() throws Exception {
        Path tree = tree();
        PackedFlist first = pack(tree);
        store.chunks().replaceAll((id, data) -> new byte[]{1});
        PackedFlist second = new Packer(store, events::add).pack(tree, work.resolve("b.flist"),
                PackOptions.DEFAULT.withOverwrite(true));
        assertThat(second.sentChunks()).isEqualTo(first.chunks());
        assertThat(Packer.missingChunks(Flist.open(second.file()), store)).isEmpty();
        new Unpacker(store).unpack(Flist.open(second.file()), work.resolve("healed"));
    }

    @Test
    void packWhenContentRepeatsSendsItOnce() throws Exception {
        Path tree = Files.createDirectory(work.resolve("zeros"));
        Files.write(tree.resolve("zeros"), new byte[3 << 20]);
        Files.write(tree.resolve("more-zeros"), new byte[1 << 20]);
        PackedFlist packed = pack(tree);
        assertThat(packed.chunks()).isEqualTo(1);
        assertThat(packed.bytes()).isEqualTo(4 << 20);
        FileEntry file = (FileEntry) Flist.open(packed.file()).lookup(TreePath.of("/zeros")).orElseThrow();
        assertThat(file.blocks()).hasSize(6);
    }

    @Test
    void packWhenSourceIsTarGivesTheSameFlistAsTheDirectory() throws Exception {
        Path tree = tree();
        for (String format : List.of("oldgnu", "gnu", "posix")) {
            for (String compression : List.of("--no-auto-compress", "--gzip")) {
                Path tar = work.resolve(format + compression + ".tar");
                run("tar", "--format=" + format, compression, "--sort=name", "-C", tree.toString(), "-cf",
                        tar.toString(),
                        ".");
                Path flist = work.resolve("tar.flist");
                PackedFlist fromTar = new Packer(store, events::add).pack(tar, flist, PackOptions.DEFAULT);
                assertThat(fromTar.sha256()).as(tar.toString()).isEqualTo(pack(tree).sha256());
            }
        }
    }

    @Test
    void packReportsWhatNodesDrop() throws Exception {
        Path tree = tree();
        Files.setAttribute(tree.resolve("etc"), "unix:mode", 01777);
        pack(tree);
        assertThat(events).contains(new PackEvent.Warned(PackEvent.Loss.MODE_BITS, 1, "/etc"));
        long read = events.stream().mapToLong(e -> e instanceof PackEvent.Read r ? r.bytes() : 0).sum();
        assertThat(read).isEqualTo(total(tree));
    }

    @Test
    void packTakesOwnerNamesFromTheRootItself() throws Exception {
        Path tree = tree();
        Path etc = tree.resolve("etc");
        Files.writeString(etc.resolve("passwd"), "admin:x:0:0::/:\nbroken\nother:x:1:1::/:\n");
        Files.writeString(etc.resolve("group"), "wheel:x:0:\n");
        Directory directory = (Directory) Flist.open(pack(tree).file()).lookup(TreePath.of("etc")).orElseThrow();
        if (directory.permissions().uid() == 0) {
            assertThat(directory.permissions().user()).isEqualTo("admin");
            assertThat(directory.permissions().group()).isEqualTo("wheel");
        } else {
            assertThat(directory.permissions().user()).isEqualTo(Long.toString(directory.permissions().uid()));
        }
    }

    @Test
    void packTakesNoOwnerNamesFromWhereALinkLeads() throws Exception {
        Path tree = tree();
        Path elsewhere = Files.createDirectories(work.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("passwd"),
                "stranger:x:" + Files.getAttribute(tree, "unix:uid") + ":0::/:\n");
        Files.move(tree.resolve("etc"), tree.resolve("old"));
        Files.createSymbolicLink(tree.resolve("etc"), elsewhere);
        Directory directory = (Directory) Flist.open(pack(tree).file()).lookup(TreePath.of("old")).orElseThrow();
        assertThat(directory.permissions().user()).isNotEqualTo("stranger");
    }

    @Test
    void packOfALinkPacksWhereItLeads() throws Exception {
        Path tree = tree();
        Path link = Files.createSymbolicLink(work.resolve("link"), tree);
        assertThat(Flist.open(pack(link).file()).root()).isEqualTo(Flist.open(pack(tree).file()).root());
    }

    @Test
    void packWhenStoreFailsWritesNoFlistAndSaysHowToGoOn() throws Exception {
        ChunkStore full = new FailingStore(store, 1);
        Path flist = work.resolve("never.flist");
        assertThatThrownBy(() -> new Packer(full, PackEvents.none()).pack(tree(), flist, PackOptions.DEFAULT))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.why()).isEqualTo("No space left on this namespace");
                    assertThat(e.hint()).contains("run the same command again");
                });
        assertThat(flist).doesNotExist();
        assertThat(work.toFile().list((dir, name) -> name.endsWith(".part"))).isEmpty();
    }

    @Test
    void packWhenMemoryRunsOutWhileSendingWritesNoFlist() {
        PackEvents scarce = event -> {
            if (event instanceof PackEvent.Sent) {
                throw new OutOfMemoryError("Java heap space");
            }
        };
        Path flist = work.resolve("never.flist");
        assertThatThrownBy(() -> new Packer(store, scarce).pack(tree(), flist, PackOptions.DEFAULT))
                .isInstanceOfSatisfying(FlistException.class,
                        e -> assertThat(e.why()).isEqualTo("there is not enough memory: Java heap space"));
        assertThat(flist).doesNotExist();
    }

    @Test
    void packWhenSourceIsMissingSaysSo() {
        assertThatThrownBy(() -> pack(work.resolve("nowhere"))).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.kind()).isEqualTo(FlistException.Kind.NOT_FOUND));
    }

    @Test
    void packWhenArchiveIsCutSaysWhere() throws Exception {
        Path tar = work.resolve("cut.tar");
        run("tar", "-C", tree().toString(), "-cf", tar.toString(), ".");
        byte[] whole = Files.readAllBytes(tar);
        Files.write(tar, Arrays.copyOf(whole, 1 << 20));
        assertThatThrownBy(() -> pack(tar)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
            assertThat(e.why()).contains("ends at offset 1048576");
        });
    }

    /** Names alone grow a thousandfold when an archive is unpacked. */
    @Test
    void packWhenArchiveHasMoreEntriesThanFitIntoTheMemoryWritesNoFlist() throws Exception {
        Path names = Files.createDirectories(work.resolve("names"));
        for (int i = 0; i < 100; i++) {
            Files.createSymbolicLink(names.resolve("link-" + i), Path.of("x".repeat(1000)));
        }
        Path archive = work.resolve("names.tar");
        run("tar", "-C", work.toString(), "-cf", archive.toString(), "names");
        PackOptions small = PackOptions.DEFAULT.withLargestTree(100_000);
        assertThatThrownBy(() -> new Packer(store, events::add).pack(archive, work.resolve("a.flist"), small))
                .isInstanceOfSatisfying(FlistException.class,
                        e -> assertThat(e.why()).contains("more entries than fit into the room"));
        assertThat(work.resolve("a.flist")).doesNotExist();
        new Packer(store, events::add).pack(archive, work.resolve("a.flist"), small.withLargestTree(200_000));
    }

    @Test
    void packWhenDirectoryHasMoreEntriesThanFitIntoTheMemoryWritesNoFlist() throws Exception {
        Path names = Files.createDirectories(work.resolve("names"));
        for (int i = 0; i < 100; i++) {
            Files.createFile(names.resolve("file-" + i));
        }
        assertThatThrownBy(() -> new Packer(store, events::add).pack(names, work.resolve("a.flist"),
                PackOptions.DEFAULT.withLargestTree(10_000))).isInstanceOfSatisfying(FlistException.class,
                        e -> assertThat(e.why()).contains("more entries than fit into the room"));
        assertThat(work.resolve("a.flist")).doesNotExist();
    }

    @Test
    void packWhenDirectoryIsDeeperThanCanBeReadBackRefuses() throws Exception {
        Path deepest = Files.createDirectories(work.resolve("deep" + "/d".repeat(1024)));
        pack(work.resolve("deep"));
        Flist.open(work.resolve("a.flist"));
        Files.createFile(deepest.resolve("below"));
        assertThatThrownBy(() -> pack(work.resolve("deep"))).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.why()).contains("deeper than 1024 directories");
            assertThat(e.what()).contains("/d/below");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {999_999_999_999_999L, 1L << 51, 1L << 61})
    void packWhenArchivePromisesMoreThanItHasNeitherBelievesItNorFails(long size) throws Exception {
        byte[] tar = new byte[512 + 1024];
        tar[0] = 'x';
        ByteBuffer.wrap(tar).put(124, (byte) 0x80).putLong(128, size);
        tar[156] = '0';
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        System.arraycopy("%06o\0".formatted(sum).getBytes(StandardCharsets.US_ASCII), 0, tar, 148, 7);
        Path archive = Files.write(work.resolve("promise.tar"), tar);
        assertThatThrownBy(() -> pack(archive)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
            assertThat(e.why()).containsAnyOf("the archive ends at offset", "more than an flist can name");
        });
    }

    @Test
    void packGivesEverythingButDirectoriesSeveralNames() throws Exception {
        Path tree = Files.createDirectories(work.resolve("links"));
        run("sh", "-c", "cd \"$1\" && ln -s target a && ln a b && mkfifo p && ln p q", "sh", tree.toString());
        Path tar = work.resolve("links.tar");
        run("tar", "--sort=name", "-C", tree.toString(), "-cf", tar.toString(), ".");
        PackedFlist packed = pack(tar);
        assertThat(Flist.open(packed.file()).lookup(TreePath.of("b"))).get().isInstanceOfSatisfying(LinkEntry.class,
                link -> assertThat(link.target()).isEqualTo("target".getBytes(StandardCharsets.UTF_8)));
        assertThat(packed.sha256()).isEqualTo(pack(tree).sha256());
        assertThat(events).contains(new PackEvent.Warned(PackEvent.Loss.SPECIAL_FILES, 2, "/p"));
    }

    @Test
    void packWarnsOfDirectoriesThatAreLargeForNodes() throws Exception {
        Path tree = Files.createDirectories(work.resolve("wide/many")).getParent();
        for (int i = 0; i <= 10_000; i++) {
            Files.createFile(tree.resolve("many/" + i));
        }
        pack(tree);
        assertThat(events).contains(new PackEvent.Warned(PackEvent.Loss.LARGE_DIRECTORIES, 1, "/many"));
    }

    @Test
    void packWarnsOfRightsThatDependOnAnOwnerWhoIsNotRoot() throws Exception {
        Path tree = Files.createDirectories(work.resolve("owned"));
        run("sh", "-c", """
                cd "$1" && touch all root user group runs && mkdir data && ln -s x link && mkfifo pipe
                chmod 644 all && chmod 600 root user pipe && chmod 640 group && chmod 754 runs && chmod 700 data""",
                "sh", tree.toString());
        Path tar = work.resolve("owned.tar");
        run("sh", "-c", """
                cd "$1" && tar -cf "$2" --owner=7 --group=7 all user data link pipe \
                && tar -rf "$2" --owner=0 --group=0 root && tar -rf "$2" --owner=0 --group=7 group runs""",
                "sh", tree.toString(), tar.toString());
        pack(tar);
        assertThat(events).contains(new PackEvent.Warned(PackEvent.Loss.OWNERS, 4, "/data"));
    }

    @Test
    void packNeverTakesOwnerNamesOfTheMachine() throws Exception {
        Path tree = Files.createDirectories(work.resolve("linked"));
        Files.createSymbolicLink(tree.resolve("etc"), Path.of("/etc"));
        Files.createFile(tree.resolve("file"));
        Entry file = Flist.open(pack(tree).file()).lookup(TreePath.of("file")).orElseThrow();
        assertThat(file.permissions().user()).isEqualTo(Long.toString(file.permissions().uid()));
    }

    private PackedFlist pack(Path source) {
        return new Packer(store, events::add).pack(source, work.resolve("a.flist"), PackOptions.DEFAULT);
    }

    private Path tree() throws Exception {
        Path tree = work.resolve("small");
        if (!Files.exists(tree)) {
            Random random = new Random(5);
            byte[] big = new byte[1_700_000];
            random.nextBytes(big);
            Files.createDirectories(tree.resolve("etc/deep/er"));
            Files.write(tree.resolve("big"), big);
            Files.writeString(tree.resolve("etc/motd"), "hello");
            Files.write(tree.resolve("etc/empty"), new byte[0]);
            Files.createSymbolicLink(tree.resolve("etc/link"), Path.of("../big"));
            Files.createLink(tree.resolve("hard"), tree.resolve("big"));
            Files.writeString(tree.resolve("n".repeat(150)), "long name");
            Files.writeString(tree.resolve("etc/deep/er/" + "m".repeat(255)), "longest name");
        }
        return tree;
    }

    private static long total(Path tree) throws Exception {
        try (var files = Files.walk(tree)) {
            return files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(f -> f.toFile().length()).sum();
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
