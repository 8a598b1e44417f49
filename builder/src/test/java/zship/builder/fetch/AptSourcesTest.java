package zship.builder.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link AptSources} and the versions of {@link DebianSource}. */
class AptSourcesTest {

    @TempDir
    private Path folder;

    @Test
    void readWhenBothFormatsAreUsedGivesTheirMirrorsOnce() throws IOException {
        Files.createDirectories(folder.resolve("sources.list.d"));
        Files.writeString(folder.resolve("sources.list"), """
                # the mirror
                deb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror/debian bookworm main contrib # all
                deb-src [signed-by=/keys/debian.gpg] http://mirror/debian bookworm main contrib
                not a line
                """);
        Files.writeString(folder.resolve("sources.list.d/more.sources"), """
                Types: deb
                # comment
                URIs: http://mirror/security
                Suites: bookworm-security
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 abc
                Architectures: amd64

                Types: deb
                Enabled: no
                URIs: http://mirror/off
                Suites: sid
                Components: main
                """);
        Files.writeString(folder.resolve("sources.list.d/ignored.sources.save"), "Types: deb\nURIs: http://no\n");
        assertThat(AptSources.read(folder).binaryPackages()).isEqualTo("""
                Types: deb
                URIs: http://mirror/debian
                Suites: bookworm
                Components: main contrib
                Signed-By: /keys/debian.gpg

                Types: deb
                URIs: http://mirror/security
                Suites: bookworm-security
                Components: main
                Signed-By:\s
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 abc

                """);
    }

    @Test
    void readWhenNothingIsSetUpGivesNothing() throws IOException {
        assertThat(AptSources.read(folder).binaryPackages()).isEmpty();
    }

    @Test
    void debianOnlyWhenOthersAreSetUpLeavesThemOut() throws IOException {
        Files.writeString(folder.resolve("sources.list"), """
                deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror/debian/ bookworm main
                deb [signed-by=/keys/vendor.gpg] https://vendor.example/apt stable main
                """);
        AptSources sources = AptSources.read(folder);
        assertThat(sources.mirrors()).containsExactly("http://mirror/debian", "https://vendor.example/apt");
        assertThat(sources.debianOnly().mirrors()).containsExactly("http://mirror/debian");
    }

    @Test
    void debianOnlyWhenNoEntryNamesItsKeyringKeepsAll() throws IOException {
        Files.writeString(folder.resolve("sources.list"), "deb http://mirror/debian bookworm main\n");
        assertThat(AptSources.read(folder).debianOnly().mirrors()).containsExactly("http://mirror/debian");
    }
}
