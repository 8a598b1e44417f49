package zship.flist.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScratchFileTest {
    @Test
    void fileHasNoNameAndKeepsWhatIsWritten() throws Exception {
        try (ScratchFile file = ScratchFile.create()) {
            assertThat(OpenFiles.named(".scratch")).isEmpty();
            assertThat(file.append(bytes(1, 2, 3))).isZero();
            assertThat(file.append(bytes(4, 5))).isEqualTo(3);
            ByteBuffer read = ByteBuffer.allocate(3);
            file.read(2, read);
            assertThat(read.flip()).isEqualTo(bytes(3, 4, 5));
            assertThatThrownBy(() -> file.read(4, ByteBuffer.allocate(2))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void mappedFileGrowsWithZerosBehindWhatIsThere() throws Exception {
        try (ScratchFile file = ScratchFile.create(); Arena arena = Arena.ofConfined()) {
            file.append(bytes(9));
            file.map(3_000_000, arena).set(ValueLayout.JAVA_BYTE, 2_999_999, (byte) 8);
            MemorySegment larger = file.map(3_000_001, arena);
            assertThat(larger.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
            assertThat(larger.get(ValueLayout.JAVA_BYTE, 1)).isZero();
            assertThat(larger.get(ValueLayout.JAVA_BYTE, 2_999_999)).isEqualTo((byte) 8);
            assertThat(larger.get(ValueLayout.JAVA_BYTE, 3_000_000)).isZero();
            assertThat(file.size()).isEqualTo(3_000_001);
        }
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }
}
