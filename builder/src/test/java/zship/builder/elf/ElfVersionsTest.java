package zship.builder.elf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link ElfVersions}, with libraries that the linker made. */
class ElfVersionsTest {

    @TempDir
    private Path folder;

    private Path program;

    @BeforeEach
    void link() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("v1"), "OLD_1 { global: one; local: *; };\nNEW_2 { global: two; } OLD_1;\n");
        Files.writeString(folder.resolve("v0"), "OLD_1 { global: one; two; local: *; };\n");
        Files.writeString(folder.resolve("library.c"), "int one(void) { return 1; }\nint two(void) { return 2; }\n");
        Files.writeString(folder.resolve("main.c"),
                "int one(void), two(void);\nint main(void) { return one() + two(); }\n");
        library("new", "-Wl,--version-script=v1");
        library("old", "-Wl,--version-script=v0");
        library("plain", "-Wl,-O1");
        gcc("-o", "main", "main.c", "new/libx.so.1");
        program = folder.resolve("main");
    }

    @Test
    void readNamesWhatIsRequiredAndDefined() throws IOException {
        assertThat(ElfVersions.read(program).required().get("libx.so.1")).containsExactlyInAnyOrder("OLD_1", "NEW_2");
        assertThat(ElfVersions.read(folder.resolve("new/libx.so.1")).defined()).contains("OLD_1", "NEW_2");
    }

    @Test
    void missingWhenLibraryIsOlderNamesTheVersion() throws IOException {
        assertThat(missing("new")).isEmpty();
        assertThat(missing("old")).containsExactly("NEW_2 of libx.so.1 (needed by main)");
        assertThat(missing("plain")).as("a library without versions").isEmpty();
    }

    @Test
    void closureWhenOneOfTwoProgramsFindsTheOlderLibraryNamesIt() throws IOException, InterruptedException {
        gcc("-o", "first", "main.c", "new/libx.so.1", "-Wl,-rpath=/new");
        gcc("-o", "second", "main.c", "new/libx.so.1", "-Wl,-rpath=/old");
        LibraryClosure.Result closure = LibraryClosure.of(Sysroot.of(folder, Path.of("/")),
                List.of("/first", "/second"), List.of());
        assertThat(closure.missing()).containsExactly("NEW_2 of libx.so.1 (needed by second)");
        assertThat(ElfVersions.missing(List.of(folder.resolve("first")), closure.libraries())).isEmpty();
    }

    @Test
    void readWhenFileIsCutOffSaysSo() throws IOException {
        byte[] whole = Files.readAllBytes(program);
        Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, 700));
        assertThatThrownBy(() -> ElfVersions.read(cut)).isInstanceOf(ElfFormatException.class);
        Path text = Files.write(folder.resolve("text"), "no program".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ElfVersions.read(text)).isInstanceOf(IOException.class);
    }

    private List<String> missing(String variant) throws IOException {
        Path file = folder.resolve(variant).resolve("libx.so.1");
        return ElfVersions.missing(List.of(program), List.of(new Library("libx.so.1", file, "lib/x", false, "main")));
    }

    private void library(String variant, String option) throws IOException, InterruptedException {
        Files.createDirectory(folder.resolve(variant));
        gcc("-shared", "-fPIC", "-Wl,-soname,libx.so.1", option, "-o", variant + "/libx.so.1", "library.c");
    }

    private void gcc(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("gcc").directory(folder.toFile()).inheritIO();
        builder.command().addAll(List.of(arguments));
        assertThat(builder.start().waitFor()).isZero();
    }
}
