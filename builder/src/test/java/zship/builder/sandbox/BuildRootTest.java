package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link BuildRoot} and {@link BuildRoots}. */
class BuildRootTest {
    private static final InstalledPackage ZLIB = new InstalledPackage("zlib1g", "1:1.2.13", "amd64", "zlib",
            "0".repeat(64));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"./lib/x86_64-linux-gnu/libz.so.1,usr/lib/x86_64-linux-gnu/libz.so.1", "/lib64/ld.so,usr/lib64/ld.so",
        "./usr/bin/gcc,usr/bin/gcc", "./etc/passwd,etc/passwd", "./library/x,library/x"})
    void mergedWhenPathIsInALinkedDirectoryIsBelowUsr(String listed, String real) {
        assertThat(BuildRoot.merged(listed)).isEqualTo(real);
    }

    @Test
    void openWhenItWasWrittenKnowsPackagesAndOwners() throws IOException {
        Files.writeString(folder.resolve("packages"), ZLIB.line() + "\n");
        Files.createDirectory(folder.resolve("lists"));
        Files.writeString(folder.resolve("lists/zlib1g"), "./\n./lib/\n./lib/libz.so.1\n");
        BuildRoot root = BuildRoot.open(folder);
        assertThat(root.packages()).containsExactly(ZLIB);
        Path library = Files.createDirectories(folder.resolve("files/usr/lib")).resolve("libz.so.1");
        Files.createFile(library);
        Path compiled = Files.createFile(folder.resolve("files/usr/lib/libown.so.1"));
        PackageDatabase database = root.database();
        assertThat(database.owner(library)).contains(ZLIB);
        assertThat(database.owner(compiled)).isEmpty();
        assertThat(database.named("zlib1g")).contains(ZLIB);
        assertThat(database.named("zlib2g")).isEmpty();
        assertThat(root.digest()).isNotEqualTo(new BuildRoot(folder, List.of()).digest());
    }

    @Test
    void parseWhenLineIsDamagedSaysWhich() {
        assertThatThrownBy(() -> InstalledPackage.parse("zlib1g\t1")).hasMessageContaining("zlib1g");
    }

    @Test
    void remainsAreTheRootsThatWereNotFinished() throws IOException {
        BuildRoots roots = new BuildRoots(folder);
        Files.createDirectory(folder.resolve("0123456789abcdef"));
        Path remains = Files.createDirectory(folder.resolve(".new-1"));
        assertThat(roots.remains()).containsExactly(remains);
        assertThat(new BuildRoots(folder.resolve("roots")).remains()).isEmpty();
    }

    @Test
    void findWhenNothingWasMadeFindsNothing() throws IOException {
        assertThat(new BuildRoots(folder.resolve("roots")).find(List.of("zlib1g"))).isEmpty();
    }
}
