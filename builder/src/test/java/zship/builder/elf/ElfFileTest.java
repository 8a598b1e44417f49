package zship.builder.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link ElfFile}. */
class ElfFileTest {

    @TempDir
    private Path folder;

    @Test
    void readWhenFileIsWideGivesAllThatALoaderNeeds() throws IOException {
        Path file = ElfImage.of(ElfImage.X86_64).interpreter("/lib64/ld-linux-x86-64.so.2").soname("libown.so.1")
                .needs("libb.so.2", "liba.so.1").rpath("/one:/two").runpath("$ORIGIN/../lib").write(at("program"));
        ElfFile elf = ElfFile.read(file);
        assertThat(elf.platform()).isEqualTo(ElfImage.X86_64);
        assertThat(elf.interpreter()).contains("/lib64/ld-linux-x86-64.so.2");
        assertThat(elf.soname()).contains("libown.so.1");
        assertThat(elf.needed()).containsExactly("libb.so.2", "liba.so.1");
        assertThat(elf.rpath()).containsExactly("/one", "/two");
        assertThat(elf.runpath()).containsExactly("$ORIGIN/../lib");
    }

    @Test
    void readWhenFileIsNarrowOrBigEndianReadsTheSame() throws IOException {
        for (ElfPlatform platform : new ElfPlatform[]{ElfImage.I386, ElfImage.POWERPC}) {
            ElfFile elf = ElfFile.read(ElfImage.of(platform).needs("libc.so.6").write(at("library")));
            assertThat(elf.platform()).isEqualTo(platform);
            assertThat(elf.needed()).containsExactly("libc.so.6");
            assertThat(elf.interpreter()).isEmpty();
        }
    }

    @Test
    void readWhenFileIsAProgramOfThisMachineFindsLoaderAndC() throws IOException {
        ElfFile elf = ElfFile.read(Path.of("/bin/ls").toRealPath());
        assertThat(elf.interpreter().orElseThrow()).startsWith("/lib").contains("ld-");
        assertThat(elf.needed()).contains("libc.so.6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u007fEL", "#!/bin/sh\necho no program at all, but a script that is long enough"})
    void readWhenFileIsNoElfSaysWhere(String content) throws IOException {
        Path file = Files.writeString(at("text"), content);
        assertThat(ElfFile.isElf(file)).isFalse();
        assertThatThrownBy(() -> ElfFile.read(file)).isInstanceOf(ElfFormatException.class)
                .hasMessage("no ELF signature at offset 0");
    }

    @Test
    void readWhenFileIsCutOffRefusesEveryLength() throws IOException {
        byte[] whole = ElfImage.of(ElfImage.X86_64).interpreter("/lib/ld.so").needs("libc.so.6").bytes();
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(at("cut"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ElfFile.read(file)).as("%d bytes", length)
                    .isInstanceOf(ElfFormatException.class);
        }
    }

    @Test
    void readWhenBytesAreAlteredNeverFailsInAnotherWay() throws IOException {
        byte[] whole = ElfImage.of(ElfImage.X86_64).interpreter("/lib/ld.so").needs("libc.so.6").rpath("/a").bytes();
        Random random = new Random(20181031);
        for (int round = 0; round < 3000; round++) {
            byte[] altered = whole.clone();
            for (int i = 0; i < 1 + random.nextInt(8); i++) {
                altered[random.nextInt(altered.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(at("altered"), altered);
            try {
                assertThat(ElfFile.read(file).needed().size()).isLessThanOrEqualTo(8);
            } catch (ElfFormatException e) {
                assertThat(e).hasMessageContaining("at offset");
            }
        }
    }

    private Path at(String name) {
        return folder.resolve(name);
    }
}
