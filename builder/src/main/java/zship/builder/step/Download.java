package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.recipe.RecipeDefinition.Component;

/**
 * Step 2: the source archives of the recipe and of those components that are not built yet, each from a file that was
 * given, from the cache, or from the first place that has it.
 */
final class Download implements Step {

    static final String NAME = "download";

    private final Path aptFolder;

    Download(Path aptFolder) {
        this.aptFolder = aptFolder;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome perform(StepContext build, boolean force) throws IOException {
        RecipeDefinition.Source main = build.definition().source();
        SourceFetch fetch = new SourceFetch(build, aptFolder);
        Files.createDirectories(build.downloads());
        Path target = build.sourceArchive();
        boolean there = isThere(build, target, main.digest());
        boolean cached = there && !force;
        if (build.settings().source().isPresent()) {
            Path given = given(build, build.settings().source().get());
            if (!there) {
                build.begin(NAME, "copying " + given);
                fetch.keep(main, given);
            }
            cached = there;
        } else if (!cached) {
            build.begin(NAME, "fetching " + main.archive());
            fetch.fetch(main);
        }
        build.workspace().writeStamp(NAME, stamp(target, main.digest()));
        return new Outcome("%s, sha256 %s".formatted(main.archive(), main.digest()),
                fetchComponents(build, fetch) && cached);
    }

    /** Fetches the sources of components that are not built yet; tells whether there was nothing to fetch. */
    private static boolean fetchComponents(StepContext build, SourceFetch fetch) throws IOException {
        boolean cached = true;
        for (Component component : new Components(build).missing()) {
            Optional<RecipeDefinition.Source> source = component.source();
            if (source.isPresent()) {
                Path file = build.downloads().resolve(source.get().archive());
                if (!Files.isRegularFile(file) || !Sha256.ofFile(file).equals(source.get().digest())) {
                    build.events().on(new BuildEvent.StepStarted(NAME,
                            "fetching " + source.get().archive()));
                    fetch.fetch(source.get());
                    cached = false;
                }
            }
        }
        return cached;
    }

    /** Tells whether the cache has the archive; one that is as it was when it was last checked is not read again. */
    private static boolean isThere(StepContext build, Path file, Sha256 expected) throws IOException {
        return Files.isRegularFile(file)
                && (build.workspace().stamp(NAME).filter(stamp(file, expected)::equals).isPresent()
                        || Sha256.ofFile(file).equals(expected));
    }

    private static String stamp(Path file, Sha256 expected) throws IOException {
        return "%s %d %s".formatted(expected, Files.size(file), Files.getLastModifiedTime(file));
    }

    /** Returns the archive that the caller named, directly or by its folder, after checking its digest. */
    private static Path given(StepContext build, Path named) throws IOException {
        RecipeDefinition.Source source = build.definition().source();
        Path file = Files.isDirectory(named) ? named.resolve(source.archive()) : named;
        if (!Files.isRegularFile(file)) {
            throw BuildException.usage("use the source archive " + file, "there is no such file",
                    "give %s with --source FILE, or leave the option out".formatted(source.archive()));
        }
        Sha256 actual = Sha256.ofFile(file);
        if (!actual.equals(source.digest())) {
            throw BuildException.failed("use the source archive " + file,
                    "its SHA-256 is %s, but the recipe says %s".formatted(actual, source.digest()),
                    "give the release's own %s, or leave --source out".formatted(source.archive()));
        }
        return file;
    }
}
