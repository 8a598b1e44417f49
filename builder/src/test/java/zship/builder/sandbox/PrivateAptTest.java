package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.BuildException;
import zship.builder.tool.Toolbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Tests for {@link PrivateApt} with what apt of Debian 12 prints. */
class PrivateAptTest {

    @TempDir
    private Path folder;

    @Test
    void fetchWhenAMirrorDoesNotAnswerTellsThatTheListsAreMissingAndNotAPackage() throws IOException {
        BuildException e = failure("""
                Ign:1 http://127.0.0.1:1/debian bookworm InRelease
                Err:1 http://127.0.0.1:1/debian bookworm InRelease
                  Could not connect to 127.0.0.1:1 (127.0.0.1). - connect (111: Connection refused)
                Reading package lists...
                W: Failed to fetch http://127.0.0.1:1/debian/dists/bookworm/InRelease  Could not connect to 127.0.0.1:1
                W: Some index files failed to download. They have been ignored, or old ones used instead.
                """);
        assertThat(e.kind()).isEqualTo(BuildException.Kind.PREREQUISITE);
        assertThat(e.what()).isEqualTo("fetch the lists of packages");
        assertThat(e.why()).isEqualTo("""
                http://127.0.0.1:1/debian/dists/bookworm/InRelease Could not connect to 127.0.0.1:1
                the package gcc is not in the lists that are there""");
        assertThat(e.hint()).contains("/etc/apt");
    }

    @Test
    void fetchWhenAMirrorIsNotTrustedQuotesApt() throws IOException {
        BuildException e = failure("""
                W: GPG error: http://mirror/debian bookworm InRelease: NO_PUBKEY 648ACFD622F3D138
                E: The repository 'http://mirror/debian bookworm InRelease' is not signed.
                """);
        assertThat(e.what()).isEqualTo("fetch the lists of packages");
        assertThat(e.why()).contains("GPG error: http://mirror/debian", "is not signed.");
    }

    @Test
    void fetchWhenTheListsAreThereNamesThePackage() throws IOException {
        assertThat(failure("Reading package lists...\n").what()).isEqualTo("find the package gcc");
    }

    /** Fetches a package that apt does not know after an update that prints {@code said}. */
    private BuildException failure(String said) throws IOException {
        Path text = Files.writeString(folder.resolve("said"), said);
        Path script = Files.writeString(folder.resolve("apt-get"), """
                #!/bin/sh
                for word; do
                    [ "$word" != update ] || exec /bin/cat %s >&2
                done
                echo 'E: Unable to locate package gcc' >&2
                exit 100
                """.formatted(text));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        PrivateApt apt = new PrivateApt(folder.resolve("apt"), Path.of("/etc/apt"),
                new Toolbox(folder.toString(), Map.of(), folder.resolve("log")));
        return catchThrowableOfType(BuildException.class, () -> apt.fetch(List.of("gcc")));
    }
}
