package zship.cli;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.cli.failure.CliException;
import zship.flist.store.StorePatience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link FlistCache}: what is kept under a digest was made of the archive with that digest. */
class FlistCacheTest {
    @TempDir
    Path folder;

    @Test
    void archiveThatAnotherBuildReplacedIsNotPacked() throws Exception {
        Path archive = Files.writeString(folder.resolve("root.tar.gz"), "of another variant");
        assertRefused(archive);
    }

    @Test
    void archiveThatAnotherBuildRemovedIsNotPacked() throws Exception {
        assertRefused(folder.resolve("root.tar.gz"));
    }

    @Test
    void whatAKilledPackLeftIsRemovedByTheNext() throws Exception {
        Path flists = Files.createDirectories(folder.resolve("cache/flists"));
        // No process has a number this large.
        Files.writeString(flists.resolve("1".repeat(64) + ".4194305.archive"), "left");
        assertRefused(folder.resolve("root.tar.gz"));
    }

    private void assertRefused(Path archive) throws Exception {
        FlistCache cache = new FlistCache(folder.resolve("cache"), StorePatience.USUAL);
        FlistCache.Target target = new FlistCache.Target("dir://" + folder.resolve("store"), false);
        assertThatThrownBy(() -> cache.pack(archive, "0".repeat(64), target, (read, sent) -> {
        })).isInstanceOfSatisfying(CliException.class, refused -> assertThat(refused.failure().why())
                .isEqualTo("another build with other settings has replaced it"));
        assertThat(folder.resolve("cache/flists")).isEmptyDirectory();
    }
}
