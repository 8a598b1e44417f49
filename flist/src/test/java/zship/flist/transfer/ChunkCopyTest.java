package zship.flist.transfer;

import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import zship.flist.GoldenData;
import zship.flist.chunk.ChunkId;
import zship.flist.store.MemoryStore;

import static org.assertj.core.api.Assertions.assertThat;

class ChunkCopyTest {
    @Test
    void copiesOnlyWhatIsMissingAndOnlyWhatIsSound() {
        MemoryStore source = GoldenData.store();
        MemoryStore target = new MemoryStore();
        Set<ChunkId> ids = Set.copyOf(source.chunks().keySet());
        ChunkId altered = ids.iterator().next();
        byte[] sound = source.get(altered).orElseThrow();
        source.put(altered, new byte[]{1});

        ChunkCopy first = ChunkCopy.of(ids, source, target, (done, of) -> assertThat(done).isLessThanOrEqualTo(of));

        assertThat(first.copied()).isEqualTo(ids.size() - 1);
        assertThat(first.faults()).containsOnlyKeys(altered);
        assertThat(target.chunks()).doesNotContainKey(altered);
        source.put(altered, sound);
        ChunkCopy second = ChunkCopy.of(ids, source, target, (done, of) -> assertThat(of).isEqualTo(1));
        assertThat(second).isEqualTo(new ChunkCopy(ids.size() - 1, 1, sound.length, Map.of()));
        assertThat(target.chunks()).isEqualTo(source.chunks());
    }
}
