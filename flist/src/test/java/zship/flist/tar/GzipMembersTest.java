package zship.flist.tar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Gzip streams, whole and damaged. */
class GzipMembersTest {
    private static final int LENGTH = 200_000;

    private final Random random = new Random(3);

    @Test
    void membersAreOneAndWhatFollowsIsFound() throws IOException {
        byte[] first = content();
        byte[] second = content();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(compressed(first));
        both.writeBytes(compressed(new byte[0]));
        both.writeBytes(compressed(second));
        try (GzipMembers gzip = members(both.toByteArray())) {
            assertThat(gzip.read()).isEqualTo(first[0] & 0xff);
            assertThat(gzip.readNBytes(LENGTH - 1)).isEqualTo(Arrays.copyOfRange(first, 1, LENGTH));
            assertThat(gzip.readAllBytes()).isEqualTo(second);
            assertThat(gzip.read()).isEqualTo(-1);
            assertThat(gzip.hasTrailingBytes()).isFalse();
        }
        both.write(0x1f);
        try (GzipMembers gzip = members(both.toByteArray())) {
            assertThat(gzip.readAllBytes()).hasSize(2 * LENGTH);
            assertThat(gzip.hasTrailingBytes()).as("half of a magic number").isTrue();
        }
    }

    @Test
    void whatIsCutShortOrDamagedIsToldApart() throws IOException {
        byte[] whole = compressed(content());
        for (int length : new int[]{2, 9, 11, 1000, whole.length - 8, whole.length - 1}) {
            assertThatThrownBy(() -> members(Arrays.copyOf(whole, length)).readAllBytes()).as("%d bytes", length)
                    .isInstanceOf(EOFException.class);
        }
        for (int at : new int[]{0, 1, 2, whole.length - 6, whole.length - 2}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x40;
            assertThatThrownBy(() -> members(damaged).readAllBytes()).as("byte %d", at)
                    .isInstanceOf(ZipException.class);
        }
        assertThatThrownBy(() -> members(new byte[0])).isInstanceOf(ZipException.class);
    }

    @Test
    void anyDamageEndsInAnError() throws IOException {
        byte[] whole = compressed(content());
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                members(damaged).readAllBytes();
            } catch (EOFException | ZipException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(450);
    }

    private static GzipMembers members(byte[] file) throws IOException {
        return new GzipMembers(new ByteArrayInputStream(file));
    }

    private byte[] content() {
        byte[] content = new byte[LENGTH];
        random.nextBytes(content);
        Arrays.fill(content, 1000, LENGTH / 2, (byte) 'x');
        return content;
    }

    private static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
