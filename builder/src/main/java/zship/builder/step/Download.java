package zship.builder.step;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.fetch.DebianSource;
import zship.builder.fetch.HttpFetch;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;

/**
 * Step 2: the source archive, from a file that was given, from the cache, or from the first place that has it. Whatever
 * its place, it is kept only when it has the recipe's digest.
 */
final class Download implements Step {

    static final String NAME = "download";

    private final Path aptFolder;

    /** A place to fetch from: its name for people and how it puts the archive into a scratch folder. */
    private record Place(String name, Fetch fetch) {
    }

    /** Fetches the archive. */
    @FunctionalInterface
    private interface Fetch {

        Path into(Path scratch) throws IOException;
    }

    Download(Path aptFolder) {
        this.aptFolder = aptFolder;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome perform(StepContext build, boolean force) throws IOException {
        Sha256 expected = build.definition().source().digest();
        Path target = build.sourceArchive();
        Files.createDirectories(build.downloads());
        boolean there = isThere(build, target, expected);
        boolean cached = there && !force;
        if (build.settings().source().isPresent()) {
            Path given = given(build, build.settings().source().get());
            if (!there) {
                build.begin(NAME, "copying " + given);
                keep(build, given);
            }
            cached = there;
        } else if (!cached) {
            build.begin(NAME, "fetching " + build.definition().source().archive());
            fetch(build);
        }
        build.workspace().writeStamp(NAME, stamp(target, expected));
        return new Outcome("%s, sha256 %s".formatted(build.definition().source().archive(), expected), cached);
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

    private void fetch(StepContext build) throws IOException {
        List<String> failures = new ArrayList<>();
        boolean altered = false;
        for (Place place : places(build)) {
            Path scratch = build.workspace().temporary(NAME);
            try {
                Path file = place.fetch().into(scratch);
                Sha256 actual = Sha256.ofFile(file);
                if (actual.equals(build.definition().source().digest())) {
                    keep(build, file);
                    build.events().on(new BuildEvent.Fetched(place.name(), Files.size(build.sourceArchive())));
                    return;
                }
                altered = true;
                String reason = "SHA-256 of %s is %s, but the recipe says %s".formatted(file.getFileName(), actual,
                        build.definition().source().digest());
                fail(build, place, reason, failures);
            } catch (IOException e) {
                fail(build, place, Reasons.of(e), failures);
            } finally {
                Trees.delete(scratch);
            }
        }
        String what = "fetch " + build.definition().source().archive();
        String why = String.join("\n", failures);
        String hint = "fetch it elsewhere and give it with --source FILE";
        throw altered ? BuildException.failed(what, why, hint) : BuildException.prerequisite(what, why, hint);
    }

    private static void fail(StepContext build, Place place, String reason, List<String> failures) {
        build.events().on(new BuildEvent.SourceUnavailable(place.name(), reason));
        failures.add("%s: %s".formatted(place.name(), reason));
    }

    private List<Place> places(StepContext build) {
        RecipeDefinition.Source source = build.definition().source();
        List<Place> places = new ArrayList<>();
        for (String url : source.urls()) {
            places.add(new Place(url, scratch -> fetchHttp(build, url, scratch)));
        }
        Optional.of(source.debianPackage()).filter(name -> !name.isEmpty())
                .ifPresent(name -> places.add(new Place("Debian source package " + name,
                        scratch -> new DebianSource(aptFolder, scratch, aptTools(build)).fetch(name,
                                build.recipe().version()))));
        return places;
    }

    private static Toolbox aptTools(StepContext build) {
        Toolbox tools = build.tools(NAME);
        return tools.withEnvironment(new DebianPackages(tools, build.settings().environment()).aptEnvironment());
    }

    private static Path fetchHttp(StepContext build, String url, Path scratch) throws IOException {
        Path file = scratch.resolve(build.definition().source().archive());
        try (HttpFetch http = new HttpFetch(build.settings().environment())) {
            http.fetch(URI.create(url), file);
        }
        return file;
    }

    /** Puts a verified archive in its place: copied beside it first, checked again, then renamed. */
    private static void keep(StepContext build, Path file) throws IOException {
        Path scratch = Files.createTempFile(build.downloads(), ".new-", ".tmp");
        try {
            Files.copy(file, scratch, StandardCopyOption.REPLACE_EXISTING);
            if (!Sha256.ofFile(scratch).equals(build.definition().source().digest())) {
                throw BuildException.failed("copy " + file, "it changed while it was copied", "try again");
            }
            Files.move(scratch, build.sourceArchive(), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }
}
