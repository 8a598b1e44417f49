package zship.builder.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertThat(AptSources.read(folder).sourcePackages()).isEqualTo("""
                Types: deb-src
                URIs: http://mirror/debian
                Suites: bookworm
                Components: main contrib
                Signed-By: /keys/debian.gpg

                Types: deb-src
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
        assertThat(AptSources.read(folder).sourcePackages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2.4.4-4,2.4.4", "1:2.4.4-4+b1,2.4.4", "2.4.4,2.4.4", "2.5.0~rc1-1-2,2.5.0~rc1-1"})
    void upstreamDropsEpochAndRevision(String version, String upstream) {
        assertThat(DebianSource.upstream(version)).isEqualTo(upstream);
    }
}
