package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.builder.BuildEvents;
import zship.builder.BuildException;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.Recipes;
import zship.builder.recipe.Selection;
import zship.builder.sandbox.BuildRoots;
import zship.builder.sandbox.PrivateApt;
import zship.builder.step.Build;
import zship.builder.step.BuildSettings;
import zship.builder.tool.Toolbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What can go wrong in a build: the error names the cause, and what was kept before is as good as it was. */
class BuildFaultsIT {
    private static final String PROFILE = "classic";

    @TempDir
    Path folder;

    private Path cache;
    private Zship zship;

    /** A cache with the packages and downloads of the shared one, in which nothing is built. */
    @BeforeEach
    void cache() throws IOException, InterruptedException {
        new Zship(folder.resolve("home"), Zship.sharedCache()).ok("build", "--profile", PROFILE, "--until", "download");
        cache = Files.createDirectories(folder.resolve("cache/zship"));
        for (String kept : List.of("packages", "downloads")) {
            Files.createSymbolicLink(cache.resolve(kept), Zship.sharedCache().resolve("zship").resolve(kept));
        }
        zship = new Zship(folder.resolve("home"), folder.resolve("cache"));
    }

    @Test
    void unknownPackageIsNamed() {
        Toolbox tools = new Toolbox("/usr/sbin:/usr/bin:/sbin:/bin", Map.of("LC_ALL", "C"), folder.resolve("log"));
        PrivateApt apt = new PrivateApt(folder.resolve("apt"), Path.of("/etc/apt"), tools);
        BuildException e = catchThrowableOfType(BuildException.class,
                () -> new BuildRoots(folder.resolve("roots")).make(List.of("no-such-package-at-all"), apt, tools));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.PREREQUISITE);
        assertThat(e.what()).isEqualTo("find the package no-such-package-at-all");
        assertThat(folder.resolve("roots")).doesNotExist();
    }

    @Test
    void compilerErrorIsQuotedWithTheLog() {
        Recipe icecast = Recipes.builtIn("icecast").with(Selection.profile(PROFILE));
        Recipe broken = new Recipe(icecast.definition(), icecast.variant(), name -> name.endsWith(".patch")
                ? new String(icecast.files().read(name), StandardCharsets.UTF_8)
                        .replace("int is_value =", "int is_value ==")
                        .getBytes(StandardCharsets.UTF_8)
                : icecast.files().read(name));
        BuildException e = catchThrowableOfType(BuildException.class,
                () -> new Build(broken, BuildSettings.of(cache), BuildEvents.none()).run());
        assertThat(e.what()).isEqualTo("run make");
        assertThat(e.why()).contains("stats.c", "rror");
        assertThat(e.hint())
                .isEqualTo("the whole output is in " + cache.resolve("build/icecast/classic/logs/compile.log"));
        assertThat(cache.resolve("build/icecast/classic/compile")).doesNotExist();
        assertThat(cache.resolve("build/icecast/classic/logs/compile.log")).content().contains("$ ./configure");
    }

    @Test
    void fullDiskIsSaidAndLeavesNoHalfResult() throws IOException, InterruptedException {
        Path build = Files.createDirectories(cache.resolve("build"));
        done("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", build.toString());
        try {
            Zship.Run run = zship.run("build", "--profile", PROFILE);
            assertThat(run.code()).as(run.err()).isEqualTo(1);
            assertThat(run.err()).contains("No space left on device").contains("hint: make room there");
            assertThat(build.resolve("icecast/classic/extract")).doesNotExist();
            done("mount", "-o", "remount,size=200m", build.toString());
            zship.ok("build", "--profile", PROFILE, "--until", "extract");
            done("mount", "-o", "remount,ro", build.toString());
            Zship.Run refused = zship.run("build", "--profile", PROFILE);
            assertThat(refused.code()).as(refused.err()).isEqualTo(1);
            assertThat(refused.err()).contains("error: ").contains("ead-only file system").contains(cache.toString());
        } finally {
            done("umount", build.toString());
        }
    }

    @Test
    void unknownChoicesNameTheNearest() throws IOException, InterruptedException {
        for (String[] wrong : new String[][]{{"--profile", "slin", "slim"}, {"--features", "tsl", "tls"},
            {"--sh", "dahs", "dash"}}) {
            Zship.Run run = zship.run("build", wrong[0], wrong[1]);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains(wrong[1]).contains("did you mean '" + wrong[2] + "'?");
        }
        Zship.Run bundle = zship.run("build", "--profile", PROFILE, "--ca-bundle", "/nonexistent");
        assertThat(bundle.code()).isEqualTo(2);
        assertThat(bundle.err()).contains("/nonexistent");
    }

    private static void done(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
