package zship.flist.pack;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import zship.flist.chunk.Block;
import zship.flist.chunk.ChunkId;
import zship.flist.chunk.ChunkKey;

import static org.assertj.core.api.Assertions.assertThat;

class BlockTableTest {
    private static final int BLOCKS = 9_000;

    @Test
    void blocksAreFoundByTheirKeysAndNumbersAfterTheTableHasGrown() {
        try (BlockTable table = new BlockTable()) {
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(table.find(block(i).key())).isEqualTo(-1);
                assertThat(table.add(block(i))).isTrue();
            }
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(table.add(new Block(new ChunkId(0, 0), block(i).key()))).as("a key that is there").isFalse();
                assertThat(table.find(block(i).key())).isEqualTo(i);
                assertThat(table.block(i)).isEqualTo(block(i));
            }
            assertThat(table.size()).isEqualTo(BLOCKS);
            assertThat(table.blocks(new int[]{7, 3, 7})).containsExactly(block(7), block(3), block(7));
        }
    }

    @Test
    void blockThatSeveralThreadsAddIsNewForOneOfThem() throws Exception {
        AtomicInteger fresh = new AtomicInteger();
        try (BlockTable table = new BlockTable(); ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                runs.add(threads.submit(() -> {
                    for (int i = 0; i < BLOCKS; i++) {
                        fresh.addAndGet(table.add(block(i)) ? 1 : 0);
                        Block found = table.block(table.find(block(i).key()));
                        assertThat(found).isEqualTo(block(i));
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
            assertThat(table.size()).isEqualTo(BLOCKS);
        }
        assertThat(fresh).hasValue(BLOCKS);
    }

    /** Keys whose places in the table are often the same, or next to each other, also over its end. */
    private static Block block(int i) {
        return new Block(new ChunkId(i, -i), new ChunkKey(i, i / 8 - 100));
    }
}
