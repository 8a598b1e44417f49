package zship.flist.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The library's digests are those of another implementation, and nothing fails where there is no library. */
class SodiumBlake2bTest {
    private static final int[] LENGTHS = {0, 1, 127, 128, 129, 255, 256, 4095, 4096, 4097, 65_537, 524_288};

    @TempDir
    private Path folder;

    @Test
    void digestsAreThoseOfAnotherImplementationWhereverTheMessageIsInItsArray() throws IOException {
        SodiumBlake2b library = SodiumBlake2b.load(bundled()).orElseThrow();
        Random random = new Random(3);
        for (int length : LENGTHS) {
            byte[] array = new byte[length + 13];
            random.nextBytes(array);
            Slice message = new Slice(array, 5, length);
            assertThat(library.hash(message, 16)).as("%d bytes", length).isEqualTo(expected(message.copy(), 16));
            assertThat(library.hash(message, 32)).as("%d bytes", length).isEqualTo(expected(message.copy(), 32));
        }
    }

    @Test
    void fileThatIsMissingOrNoLibraryIsDoneWithout() throws IOException {
        Path text = Files.writeString(folder.resolve("libsodium.so"), "no library");
        assertThat(SodiumBlake2b.load(text)).isEmpty();
        assertThat(SodiumBlake2b.load(folder.resolve("nothing"))).isEmpty();
    }

    @Test
    void libraryWithoutTheFunctionsIsDoneWithout() {
        Path other = Path.of(System.getProperty("java.home"), "lib", "libzip.so");
        assertThat(other).exists();
        assertThat(SodiumBlake2b.load(other)).isEmpty();
    }

    /** In a JVM of its own, which has been told where the library is, as the launcher does it. */
    @Test
    void messagesThatAreWorthItAreHashedByTheLibraryAndAllHaveTheirDigest() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-D" + SodiumBlake2b.PROPERTY + "=" + bundled(), "-cp",
                System.getProperty("java.class.path"), Hashing.class.getName()).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        assertThat(process.waitFor()).isZero();
        List<String> expected = new ArrayList<>();
        for (int length : Hashing.LENGTHS) {
            boolean library = length >= SodiumBlake2b.WORTH && length <= SodiumBlake2b.MOST;
            expected.add(
                    length + " " + library + " " + HexFormat.of().formatHex(expected(Hashing.message(length), 16)));
        }
        assertThat(lines).isEqualTo(expected);
    }

    /** Prints what becomes of messages: length, whether the library is for it, digest. */
    static final class Hashing {
        private static final int[] LENGTHS = {10, SodiumBlake2b.WORTH - 1, SodiumBlake2b.WORTH, 524_288,
            SodiumBlake2b.MOST, SodiumBlake2b.MOST + 1};

        private Hashing() {
        }

        public static void main(String[] arguments) {
            for (int length : LENGTHS) {
                System.out.println(length + " " + SodiumBlake2b.forMessage(length).isPresent() + " "
                        + HexFormat.of().formatHex(Blake2b.hash128(message(length))));
            }
        }

        private static byte[] message(int length) {
            byte[] message = new byte[length];
            new Random(length).nextBytes(message);
            return message;
        }
    }

    /** The library of this machine, which the launcher takes out of its jar in the same way. */
    private Path bundled() throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "linux64";
        Path file = folder.resolve("bundled.so");
        try (InputStream in = SodiumBlake2b.class.getResourceAsStream("/" + machine + "/libsodium.so")) {
            assertThat(in).as("libsodium for %s", machine).isNotNull();
            Files.copy(in, file);
        }
        return file;
    }

    private static byte[] expected(byte[] message, int digestBytes) {
        Blake2bDigest digest = new Blake2bDigest(8 * digestBytes);
        digest.update(message, 0, message.length);
        byte[] result = new byte[64];
        digest.doFinal(result, 0);
        return Arrays.copyOf(result, digestBytes);
    }
}
