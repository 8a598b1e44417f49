package zship.flist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.format.FlistDatabase;
import zship.flist.format.FlistPackage;
import zship.flist.format.MalformedFlistException;
import zship.flist.format.WireDirectory;
import zship.flist.format.WirePermissions;
import zship.flist.tar.TarReader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Damaged input of every layer: it is read, or refused with a typed error; never anything else, never for ever. */
class FlistFuzzTest {
    private static final int FLIST_ROUNDS = 300;
    private static final int VALUE_ROUNDS = 40_000;

    @Test
    void openWhenBytesOfTheFileAreAlteredRefusesOrReads(@TempDir Path work) throws Exception {
        byte[] golden = Files.readAllBytes(GoldenData.file("golden.flist"));
        Random random = new Random(11);
        int refused = 0;
        for (int i = 0; i < FLIST_ROUNDS; i++) {
            Path file = Files.write(work.resolve("x"), damage(golden, random));
            try {
                Flist.open(file);
            } catch (FlistException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(FLIST_ROUNDS / 2);
    }

    @Test
    void parseWhenBytesOfTheDatabaseAreAlteredRefusesOrReads() throws Exception {
        byte[] database = FlistPackage.read(Files.newInputStream(GoldenData.file("golden.flist"))).database();
        Random random = new Random(12);
        int read = 0;
        for (int i = 0; i < FLIST_ROUNDS; i++) {
            try {
                read += TreeDecoder.decode(FlistDatabase.parse(damage(database, random)).entries()).entries().size();
            } catch (MalformedFlistException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void decodeWhenBytesOfValuesAreAlteredRefusesOrReads() throws Exception {
        List<byte[]> values = values().values().stream().filter(value -> value.length < 20_000).toList();
        Random random = new Random(13);
        int refused = 0;
        for (int i = 0; i < VALUE_ROUNDS; i++) {
            byte[] value = damage(values.get(random.nextInt(values.size())), random);
            try {
                WireDirectory.decode(value);
                WirePermissions.decode(value);
            } catch (MalformedFlistException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    @Test
    void decodeWhenValuesAreRandomPointersRefusesOrReads() {
        Random random = new Random(14);
        for (int i = 0; i < VALUE_ROUNDS; i++) {
            byte[] value = new byte[8 * (2 + random.nextInt(40))];
            random.nextBytes(value);
            value[0] = 0;
            value[1] = 0;
            value[2] = 0;
            value[3] = 0;
            int words = value.length / 8 - 1;
            value[4] = (byte) words;
            value[5] = 0;
            value[6] = 0;
            value[7] = 0;
            try {
                WireDirectory.decode(value);
            } catch (MalformedFlistException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void decodeWhenAListClaimsMillionsOfEmptyStructsRefuses() {
        // Root struct of 2 data words and 5 pointers, whose entry list claims 2^28 structs of no words at all.
        ByteBuffer value = ByteBuffer.allocate(8 * 10).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(0, 0).putInt(4, 9);
        value.putLong(8, 5L << 48 | 2L << 32);
        value.putLong(8 * 6, (2L << 2 | 1) | 7L << 32);
        value.putLong(8 * 9, (1L << 28) << 2);
        assertThatThrownBy(() -> WireDirectory.decode(value.array()))
                .isInstanceOf(MalformedFlistException.class);
    }

    @Test
    void readWhenBytesOfATarAreAlteredRefusesOrReads() throws Exception {
        byte[] tar = new GZIPInputStream(Files.newInputStream(GoldenData.file("chunks.tar.gz"))).readNBytes(300_000);
        Random random = new Random(15);
        for (int i = 0; i < 500; i++) {
            try (TarReader reader = new TarReader(new ByteArrayInputStream(damage(tar, random)))) {
                ByteArrayOutputStream names = new ByteArrayOutputStream();
                for (var member = reader.next(); member.isPresent(); member = reader.next()) {
                    names.writeBytes(member.get().name());
                }
                assertThat(names.size()).isPositive();
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static Map<String, byte[]> values() throws IOException {
        return FlistDatabase
                .parse(FlistPackage.read(Files.newInputStream(GoldenData.file("golden.flist"))).database()).entries();
    }

    private static byte[] damage(byte[] original, Random random) {
        byte[] damaged = original.clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        boolean cut = random.nextInt(4) == 0;
        return cut ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged;
    }
}
