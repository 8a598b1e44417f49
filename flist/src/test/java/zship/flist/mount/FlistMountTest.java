package zship.flist.mount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.GoldenData;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreeListing;
import zship.flist.chunk.Block;
import zship.flist.chunk.Chunk;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Real mounts, which the kernel gives to root. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlistMountTest {
    private static final Attributes PLAIN = new Attributes(Permissions.of(0, 0, 0644), 1, 2);
    private static final long ROOM = 1 << 30;

    @TempDir
    private Path work;
    private Path target;
    private final MemoryStore memory = new MemoryStore();
    private final CountingStore store = new CountingStore(memory);
    private final List<FlistMount> mounts = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        target = Files.createDirectory(work.resolve("mounted here \u00e4"));
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        for (FlistMount mount : mounts) {
            mount.close();
            mount.awaitEnd();
        }
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(work.getFileName().toString());
    }

    @Test
    void mountShowsAllOfTheGoldenTree() throws IOException {
        GoldenData.store().chunks().forEach(memory::put);
        mount(Flist.open(GoldenData.file("golden.flist")), "cache", ROOM);
        List<GoldenData.Line> expected = TreeListing.of(Flist.open(GoldenData.file("golden.flist")), memory);
        assertThat(TreeListing.of(target)).hasSizeGreaterThan(2000).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void mountFindsOwnersOfAnOldFlistInItsOwnPasswd() throws IOException {
        GoldenData.store().chunks().forEach(memory::put);
        mount(Flist.open(GoldenData.file("old-2019.flist")), "cache", ROOM);
        assertThat(TreeListing.of(target).stream().map(line -> line.path() + " " + line.uid() + ":" + line.gid()))
                .containsAll(GoldenData.tree().stream().filter(line -> !line.path().equals("/"))
                        .map(line -> line.path() + " " + line.uid() + ":" + line.gid()).toList());
    }

    @Test
    void nothingIsFetchedBeforeItIsReadAndOnlyWhatIsRead() throws IOException {
        byte[] content = content(40);
        FlistMount mount = mount(Flist.of(root(file("large", content), file("small", content(1)))), "cache", ROOM);
        Files.walk(target).forEach(path -> assertThat(path.toFile().length()).isNotNegative());
        assertThat(store.given()).isEmpty();
        assertThat(mount.status()).isEqualTo(new MountStatus(41, 0, 41L * ChunkCodec.PIECE_SIZE, 0, 0, 0));
        ByteBuffer part = ByteBuffer.allocate(1000);
        try (FileChannel file = FileChannel.open(target.resolve("large"))) {
            file.read(part, 20L * ChunkCodec.PIECE_SIZE + 5);
        }
        assertThat(part.array()).isEqualTo(
                Arrays.copyOfRange(content, 20 * ChunkCodec.PIECE_SIZE + 5, 20 * ChunkCodec.PIECE_SIZE + 1005));
        assertThat(store.given().size()).isBetween(1, 3);
        assertThat(mount.status().present()).isEqualTo(store.given().size());
        assertThat(Files.readAllBytes(target.resolve("large"))).isEqualTo(content);
        assertThat(store.given()).doesNotHaveDuplicates().hasSize(40);
    }

    @Test
    void readersAtOnceShareOneFetchAndTheNextMountNeedsNone() throws Exception {
        byte[] content = content(3);
        Flist flist = Flist.of(root(file("a", content), file("b", content)));
        FlistMount mount = mount(flist, "cache", ROOM);
        store.hold();
        int readers = 12;
        CountDownLatch started = new CountDownLatch(readers);
        try (ExecutorService pool = Executors.newFixedThreadPool(readers)) {
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                Path file = target.resolve(i % 2 == 0 ? "a" : "b");
                all.add(pool.submit(() -> {
                    started.countDown();
                    return Files.readAllBytes(file);
                }));
            }
            started.await();
            store.answer();
            for (Future<byte[]> one : all) {
                assertThat(one.get()).isEqualTo(content);
            }
        }
        assertThat(store.given()).doesNotHaveDuplicates().hasSize(3);
        mount.close();
        mount.awaitEnd();
        mount(flist, "cache", ROOM);
        store.goAway();
        assertThat(Files.readAllBytes(target.resolve("a"))).isEqualTo(content);
    }

    @Test
    void cacheStaysWithinItsLimitWhileEverythingCanBeRead() throws Exception {
        byte[] content = content(64);
        mount(Flist.of(root(file("large", content))), "cache", 8L * ChunkCodec.PIECE_SIZE);
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(pool.submit(() -> Arrays.equals(Files.readAllBytes(target.resolve("large")), content)));
            }
            for (Future<Boolean> reader : readers) {
                assertThat(reader.get()).isTrue();
            }
        }
        try (var files = Files.walk(work.resolve("cache"))) {
            long bytes = files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
            assertThat(bytes).isPositive().isLessThanOrEqualTo(8L * ChunkCodec.PIECE_SIZE);
        }
    }

    @Test
    void whileTheStoreIsAwayCachedFilesAreReadAndOthersFailAndAreLoggedOnce() throws IOException {
        byte[] first = content(2);
        byte[] second = content(3);
        mount(Flist.of(root(file("cached", first), file("other", second))), "cache", ROOM);
        assertThat(Files.readAllBytes(target.resolve("cached"))).isEqualTo(first);
        store.goAway();
        List<String> log = logged(() -> {
            assertThat(Files.readAllBytes(target.resolve("cached"))).isEqualTo(first);
            for (int i = 0; i < 3; i++) {
                assertInputOutputError(target.resolve("other"));
            }
        });
        assertThat(log).filteredOn(line -> line.contains("/other")).singleElement().asString()
                .contains("zdb://store.example:9900", "connection refused");
        store.comeBack();
        assertThat(Files.readAllBytes(target.resolve("other"))).isEqualTo(second);
    }

    @Test
    void hostileContentIsAnErrorOfThatFileOnly() throws IOException {
        Chunk good = encode(new byte[]{1, 2, 3});
        Chunk altered = encode(new byte[]{4, 5, 6});
        memory.put(altered.id(), new byte[]{9, 9, 9, 9, 9, 9, 9, 9});
        Block foreignKey = new Block(good.id(), ChunkKey.of(new byte[16]));
        Block nowhere = new Block(ChunkId.of(new byte[16]), ChunkKey.of(new byte[16]));
        mount(Flist.of(root(entry("good", 3, good.block()), entry("altered", 3, altered.block()),
                entry("foreign-key", 3, foreignKey), entry("longer", 5, good.block()),
                entry("shorter", 2, good.block()),
                entry("nowhere", 7, nowhere), entry("huge", Long.MAX_VALUE, good.block()),
                entry("empty-huge", Long.MAX_VALUE))), "cache", ROOM);
        assertThat(target.resolve("good")).hasBinaryContent(new byte[]{1, 2, 3});
        for (String bad : List.of("altered", "foreign-key", "longer", "shorter", "nowhere", "huge")) {
            assertInputOutputError(target.resolve(bad));
        }
        assertThat(target.resolve("empty-huge")).isEmptyFile();
        assertThat(target.resolve("good")).hasBinaryContent(new byte[]{1, 2, 3});
    }

    @Test
    void directoryOfManyEntriesIsListedWholeAndNothingCanBeChanged() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            entries.add(entry("file-with-a-rather-long-name-" + i, 0));
        }
        mount(Flist.of(Directory.root(new Attributes(Permissions.of(0, 0, 0755), 1, 2), entries)), "cache", ROOM);
        try (var files = Files.list(target)) {
            assertThat(new HashSet<>(files.toList())).hasSize(20_000);
        }
        assertThatThrownBy(() -> Files.createFile(target.resolve("new"))).isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Read-only");
        assertThatThrownBy(() -> Files.delete(target.resolve("file-with-a-rather-long-name-1")))
                .isInstanceOf(FileSystemException.class).hasMessageContaining("Read-only");
        assertThat(target.resolve("file-with-a-rather-long-name-x")).doesNotExist();
    }

    @Test
    void chunksOfAnEarlierStartOfTheMachineAreProvenBeforeUse() throws IOException {
        byte[] content = content(2);
        Flist flist = Flist.of(root(file("a", content)));
        FlistMount first = mount(flist, "cache", ROOM);
        assertThat(Files.readAllBytes(target.resolve("a"))).isEqualTo(content);
        first.close();
        Path boot;
        try (var boots = Files.list(work.resolve("cache"))) {
            boot = boots.findFirst().orElseThrow();
        }
        Path before = Files.move(boot, boot.resolveSibling("an-earlier-start"));
        List<Path> chunks;
        try (var files = Files.list(before)) {
            chunks = files.toList();
        }
        byte[] damaged = Files.readAllBytes(chunks.getFirst());
        damaged[7] ^= 1;
        Files.write(chunks.getFirst(), damaged);
        int fetched = store.given().size();
        mount(flist, "cache", ROOM);
        assertThat(Files.readAllBytes(target.resolve("a"))).isEqualTo(content);
        assertThat(store.given()).hasSize(fetched + 1);
    }

    @Test
    void prefetchBringsEverything() throws Exception {
        FlistMount mount = mount(Flist.of(root(file("a", content(5)), file("b", content(4)))), "cache", ROOM);
        mount.prefetch();
        while (mount.status().present() < 9) {
            Thread.sleep(5);
        }
        assertThat(store.given()).doesNotHaveDuplicates().hasSize(9);
        assertThat(mount.status().presentBytes()).isEqualTo(mount.status().bytes());
    }

    @Test
    void mountOverAnotherOneOrNowhereIsRefused() {
        mount(Flist.of(root()), "cache", ROOM);
        assertThatThrownBy(() -> mount(Flist.of(root()), "cache", ROOM)).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.why()).isEqualTo("an flist is mounted there already"));
        target = work.resolve("nowhere");
        assertThatThrownBy(() -> mount(Flist.of(root()), "cache", ROOM)).isInstanceOfSatisfying(FlistException.class,
                e -> assertThat(e.kind()).isEqualTo(FlistException.Kind.NOT_FOUND));
    }

    @Test
    void fuseIsThere() {
        assertThat(FuseSupport.check()).isEqualTo(new FuseSupport(true, "", ""));
    }

    private FlistMount mount(Flist flist, String cache, long limit) {
        try {
            FlistMount mount = FlistMount.open(flist, "test.flist", target, store,
                    ChunkCache.open(work.resolve(cache), limit));
            mounts.add(mount);
            return mount;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertInputOutputError(Path file) {
        assertThatThrownBy(() -> Files.readAllBytes(file)).as(file.toString()).isInstanceOf(IOException.class)
                .hasMessageContaining("Input/output error");
    }

    /** Random bytes that are the same for the same number of pieces. */
    private static byte[] content(int pieces) {
        byte[] content = new byte[pieces * ChunkCodec.PIECE_SIZE];
        new Random(pieces).nextBytes(content);
        return content;
    }

    private FileEntry file(String name, byte[] content) {
        List<Block> blocks = new ArrayList<>();
        for (int from = 0; from < content.length; from += ChunkCodec.PIECE_SIZE) {
            blocks.add(encode(Arrays.copyOfRange(content, from,
                    Math.min(content.length, from + ChunkCodec.PIECE_SIZE))).block());
        }
        return entry(name, content.length, blocks.toArray(Block[]::new));
    }

    private Chunk encode(byte[] piece) {
        Chunk chunk = new ChunkCodec().encode(piece);
        memory.put(chunk.id(), chunk.stored());
        return chunk;
    }

    private static FileEntry entry(String name, long size, Block... blocks) {
        return new FileEntry(Name.of(name), PLAIN, size, ChunkCodec.PIECE_SIZE, List.of(blocks));
    }

    private static Directory root(Entry... entries) {
        return Directory.root(new Attributes(Permissions.of(0, 0, 0755), 1, 2), List.of(entries));
    }

    /** Something that may fail. */
    private interface Action {
        void run() throws IOException;
    }

    private static List<String> logged(Action action) throws IOException {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                lines.add(new SimpleFormatter().formatMessage(record));
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
        Logger logger = Logger.getLogger("zship.flist.mount");
        logger.addHandler(handler);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
        }
        return lines;
    }
}
