package zship.builder.elf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link LibraryClosure} on roots made of small ELF files. */
class LibraryClosureTest {

    private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

    @TempDir
    private Path root;

    @BeforeEach
    void makeLoaderAndC() throws IOException {
        library("lib64/ld-linux-x86-64.so.2", "ld-linux-x86-64.so.2");
        library("lib/x86_64-linux-gnu/libc.so.6", "libc.so.6", "ld-linux-x86-64.so.2");
    }

    @Test
    void ofWhenLibrariesNeedLibrariesFindsEachOnceWithItsPlace() throws IOException {
        library("usr/lib/x86_64-linux-gnu/libxml2.so.2.9.14", "libxml2.so.2", "libc.so.6");
        Files.createSymbolicLink(root.resolve("usr/lib/x86_64-linux-gnu/libxml2.so.2"), Path.of("libxml2.so.2.9.14"));
        program().needs("libxml2.so.2", "libc.so.6").write(root.resolve("bin/app"));
        LibraryClosure.Result closure = closure();
        assertThat(closure.missing()).isEmpty();
        assertThat(closure.libraries()).extracting(Library::destination).containsExactly(
                "lib64/ld-linux-x86-64.so.2", "lib/x86_64-linux-gnu/libxml2.so.2", "lib/x86_64-linux-gnu/libc.so.6");
        assertThat(closure.libraries().get(1).file()).hasFileName("libxml2.so.2.9.14");
        assertThat(closure.libraries().getFirst().loader()).isTrue();
    }

    @Test
    void ofWhenLibraryIsNowhereNamesItAndWhoNeedsIt() throws IOException {
        library("lib/x86_64-linux-gnu/liba.so.1", "liba.so.1", "libgone.so.3");
        program().needs("liba.so.1").write(root.resolve("bin/app"));
        assertThat(closure().missing()).containsExactly("libgone.so.3 (needed by liba.so.1)");
    }

    @Test
    void ofWhenProgramIsNotThereNamesIt() throws IOException {
        assertThat(closure().missing()).containsExactly("/bin/app");
    }

    @Test
    void ofWhenLoaderIsNotThereNamesIt() throws IOException {
        ElfImage.of(ElfImage.X86_64).interpreter("/lib/ld-none.so").write(root.resolve("bin/app"));
        assertThat(closure().missing()).containsExactly("/lib/ld-none.so (needed by /bin/app)");
    }

    @Test
    void ofWhenTheRunpathHasWordsForThePlatformPutsThoseOfTheProgramThere() throws IOException {
        library("opt/x86_64/lib/x86_64-linux-gnu/libown.so.1", "libown.so.1");
        ElfImage.of(ElfImage.X86_64).interpreter(LOADER).needs("libown.so.1").runpath("/opt/$PLATFORM/${LIB}")
                .write(root.resolve("bin/app"));
        assertThat(closure().missing()).isEmpty();
        assertThat(closure().libraries()).extracting(Library::destination)
                .contains("opt/x86_64/lib/x86_64-linux-gnu/libown.so.1");
    }

    @Test
    void ofWhenOriginIsInTheRunpathSearchesBesideTheProgram() throws IOException {
        library("opt/app/lib/libown.so.1", "libown.so.1");
        ElfImage.of(ElfImage.X86_64).interpreter(LOADER).needs("libown.so.1").runpath("${ORIGIN}/../lib")
                .write(root.resolve("opt/app/bin/app"));
        LibraryClosure.Result closure = LibraryClosure.of(Sysroot.of(root), List.of("/opt/app/bin/app"), List.of());
        assertThat(closure.missing()).isEmpty();
        assertThat(closure.libraries()).extracting(Library::destination).contains("opt/app/lib/libown.so.1");
    }

    @Test
    void ofWhenRpathIsSetLibrariesInheritIt() throws IOException {
        library("opt/lib/libone.so", "libone.so", "libtwo.so");
        library("opt/lib/libtwo.so", "libtwo.so");
        program().needs("libone.so").rpath("/opt/lib").write(root.resolve("bin/app"));
        assertThat(closure().missing()).isEmpty();
    }

    @Test
    void ofWhenRunpathIsSetLibrariesDoNotInheritIt() throws IOException {
        library("opt/lib/libone.so", "libone.so", "libtwo.so");
        library("opt/lib/libtwo.so", "libtwo.so");
        program().needs("libone.so").runpath("/opt/lib").write(root.resolve("bin/app"));
        assertThat(closure().missing()).containsExactly("libtwo.so (needed by libone.so)");
    }

    @Test
    void ofWhenRunpathIsThereRpathOfTheSameFileIsIgnored() throws IOException {
        library("opt/old/libone.so", "libone.so");
        program().needs("libone.so").rpath("/opt/old").runpath("/opt/new").write(root.resolve("bin/app"));
        assertThat(closure().missing()).containsExactly("libone.so (needed by /bin/app)");
    }

    @Test
    void ofWhenDirectoryIsConfiguredThroughIncludeSearchesIt() throws IOException {
        Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
        Files.writeString(root.resolve("etc/ld.so.conf"), "include /etc/ld.so.conf.d/*.conf # all\n");
        Files.writeString(root.resolve("etc/ld.so.conf.d/own.conf"), "# own\n/opt/configured\ninclude ../ld.so.conf\n");
        library("opt/configured/libone.so", "libone.so");
        program().needs("libone.so").write(root.resolve("bin/app"));
        assertThat(closure().libraries()).extracting(Library::destination)
                .contains("lib/x86_64-linux-gnu/libone.so");
    }

    @Test
    void ofWhenAnotherMachinesLibraryComesFirstGoesOn() throws IOException {
        ElfImage.of(ElfImage.AARCH64).soname("libone.so").write(root.resolve("lib/x86_64-linux-gnu/libone.so"));
        Files.writeString(root.resolve("lib/libone.so"), "GROUP ( a linker script )");
        library("usr/lib/libone.so", "libone.so");
        program().needs("libone.so").write(root.resolve("bin/app"));
        assertThat(closure().libraries().getLast().file()).isEqualTo(root.resolve("usr/lib/libone.so"));
    }

    @Test
    void ofWhenVariantForNewerProcessorsExistsTakesThePlainOne() throws IOException {
        library("lib/x86_64-linux-gnu/libone.so", "libone.so");
        library("lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v3/libone.so", "libone.so");
        program().needs("libone.so").write(root.resolve("bin/app"));
        assertThat(closure().libraries().getLast().file().toString()).doesNotContain("hwcaps");
    }

    @Test
    void ofWhenLinksAreAbsoluteStaysInTheRoot() throws IOException {
        library("usr/lib/x86_64-linux-gnu/libone.so", "libone.so");
        Files.createDirectories(root.resolve("opt"));
        Files.createSymbolicLink(root.resolve("opt/lib"), Path.of("/usr/lib/../lib/x86_64-linux-gnu"));
        program().needs("libone.so").rpath("/opt/lib").write(root.resolve("bin/app"));
        assertThat(closure().libraries().getLast().file())
                .isEqualTo(root.resolve("usr/lib/x86_64-linux-gnu/libone.so"));
    }

    @Test
    void ofWhenLinksGoRoundInACircleEnds() throws IOException {
        Files.createSymbolicLink(root.resolve("lib/x86_64-linux-gnu/libone.so"), Path.of("libone.so"));
        program().needs("libone.so").write(root.resolve("bin/app"));
        assertThat(closure().missing()).containsExactly("libone.so (needed by /bin/app)");
    }

    @Test
    void ofWhenLibraryIsOpenedByNameAddsItWithItsNeeds() throws IOException {
        library("lib/x86_64-linux-gnu/libgcc_s.so.1", "libgcc_s.so.1", "libc.so.6");
        program().write(root.resolve("bin/app"));
        LibraryClosure.Result closure = LibraryClosure.of(Sysroot.of(root), List.of("/bin/app"),
                List.of("libgcc_s.so.1"));
        assertThat(closure.libraries()).extracting(Library::name).containsExactly("ld-linux-x86-64.so.2",
                "libgcc_s.so.1", "libc.so.6");
    }

    @Test
    void ofWhenProgramIsInAnotherLayerFindsItsLibrariesBelow(@TempDir Path above) throws IOException {
        program().needs("libc.so.6").write(above.resolve("bin/app"));
        LibraryClosure.Result closure = LibraryClosure.of(Sysroot.of(above, root), List.of("/bin/app"), List.of());
        assertThat(closure.missing()).isEmpty();
        assertThat(closure.libraries()).hasSize(2);
    }

    @Test
    void ofWhenOnlyOneOfTwoProgramsHasTheRunpathMissesTheLibraryOfTheOther() throws IOException {
        library("opt/lib/libown.so.1", "libown.so.1");
        program().needs("libown.so.1").runpath("/opt/lib").write(root.resolve("bin/app"));
        program().needs("libown.so.1").write(root.resolve("bin/tool"));
        LibraryClosure.Result closure = closure("/bin/app", "/bin/tool");
        assertThat(closure.missing()).containsExactly("libown.so.1 (needed by /bin/tool)");
        assertThat(closure("/bin/tool", "/bin/app").missing()).isEqualTo(closure.missing());
    }

    @Test
    void ofWhenTwoProgramsHaveLibrariesOfOneNameFindsBoth() throws IOException {
        library("opt/lib/libown.so.1", "libown.so.1");
        library("lib/x86_64-linux-gnu/libown.so.1", "libown.so.1");
        program().needs("libown.so.1").runpath("/opt/lib").write(root.resolve("bin/app"));
        program().needs("libown.so.1").write(root.resolve("bin/tool"));
        LibraryClosure.Result closure = closure("/bin/app", "/bin/tool");
        assertThat(closure.missing()).isEmpty();
        assertThat(closure.libraries()).extracting(Library::destination).containsExactly("lib64/ld-linux-x86-64.so.2",
                "opt/lib/libown.so.1", "lib/x86_64-linux-gnu/libown.so.1");
    }

    @Test
    void ofWhenTwoProgramsNeedDifferentFilesInOnePlaceNamesBothPrograms() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/ld.so.conf"), "/opt/lib\n");
        library("opt/lib/libown.so.1", "libown.so.1");
        library("lib/x86_64-linux-gnu/libown.so.1", "libown.so.1");
        program().needs("libown.so.1").write(root.resolve("bin/app"));
        program().needs("libown.so.1").runpath("/lib/x86_64-linux-gnu").write(root.resolve("bin/tool"));
        assertThat(closure("/bin/app", "/bin/tool").missing()).containsExactly("libown.so.1 (needed by /bin/tool, "
                + "while /lib/x86_64-linux-gnu/libown.so.1 is that of /bin/app)");
    }

    @Test
    void ofWhenLoadersInTwoPlacesHaveOneSonameFindsBoth() throws IOException {
        library("opt/ld.so", "ld-linux-x86-64.so.2");
        program().write(root.resolve("bin/app"));
        ElfImage.of(ElfImage.X86_64).interpreter("/opt/ld.so").write(root.resolve("bin/tool"));
        assertThat(closure("/bin/app", "/bin/tool").libraries()).extracting(Library::destination)
                .containsExactly("lib64/ld-linux-x86-64.so.2", "opt/ld.so");
    }

    @Test
    void ofWhenALoadedLibraryHasTheSonameThatIsAskedForTakesIt() throws IOException {
        library("opt/lib/libown.so", "libown.so.1");
        program().needs("libown.so", "libown.so.1").runpath("/opt/lib").write(root.resolve("bin/app"));
        assertThat(closure().missing()).isEmpty();
    }

    private LibraryClosure.Result closure(String... programs) throws IOException {
        return LibraryClosure.of(Sysroot.of(root), List.of(programs), List.of());
    }

    private LibraryClosure.Result closure() throws IOException {
        return LibraryClosure.of(Sysroot.of(root), List.of("/bin/app"), List.of());
    }

    private static ElfImage program() {
        return ElfImage.of(ElfImage.X86_64).interpreter(LOADER);
    }

    private void library(String path, String soname, String... needs) throws IOException {
        ElfImage.of(ElfImage.X86_64).soname(soname).needs(needs).write(root.resolve(path));
    }
}
