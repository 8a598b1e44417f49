package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The same recipe gives the same bytes, whoever builds it, where, with which settings, and with or without a network. */
class ReproducibleBuildIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = "classic")
    void anotherUserInAnotherFolderWithoutNetworkMakesTheSameArchive(String profile)
            throws IOException, InterruptedException {
        JsonNode first = BuiltRoots.build(new Zship(folder.resolve("home"), Zship.sharedCache()), profile);
        Path cache = Files.createDirectories(folder.resolve("a deeper/folder/cache/zship"));
        for (String kept : new String[]{"packages", "downloads"}) {
            Files.createSymbolicLink(cache.resolve(kept), Zship.sharedCache().resolve("zship").resolve(kept));
        }
        Zship other = new Zship(folder.resolve("other home"), cache.getParent()).with("LANG", "de_DE.UTF-8")
                .with("CFLAGS", "-O0 -DFOREIGN").with("TZ", "Asia/Tokyo").with("MAKEFLAGS", "-n")
                .by("unshare", "--user", "--map-user=12345", "--map-group=12345", "--net", "sh", "-c",
                        "umask 077; exec \"$@\"", "sh");
        JsonNode second = BuiltRoots.build(other, profile);
        assertThat(second.path("cached").asBoolean()).isFalse();
        assertThat(second.path("archive").asString()).startsWith(cache.toString());
        assertThat(second.path("sha256").asString()).isEqualTo(first.path("sha256").asString());
        assertThat(Path.of(second.path("bill").asString()))
                .hasSameBinaryContentAs(Path.of(first.path("bill").asString()));
        assertThat(pack(other, second, "second")).isEqualTo(pack(new Zship(folder.resolve("home"), Zship.sharedCache()),
                first, "first"));
    }

    /** The digest of the flist of an archive, whose chunks go to a store of its own. */
    private String pack(Zship zship, JsonNode built, String name) throws IOException, InterruptedException {
        return zship.ok("pack", built.path("archive").asString(), "-o", folder.resolve(name + ".flist").toString(),
                "--store", "dir://" + folder.resolve(name), "--json").json().path("sha256").asString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"slim", "small", "full"})
    @EnabledIfSystemProperty(named = "zship.profiles", matches = "all", disabledReason = "these take "
            + "minutes: ./check -Dzship.profiles=all")
    void otherProfilesAreTheSameToo(String profile) throws IOException, InterruptedException {
        anotherUserInAnotherFolderWithoutNetworkMakesTheSameArchive(profile);
    }
}
