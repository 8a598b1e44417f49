package zship.builder.step;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.fetch.AptSources;
import zship.builder.fetch.HttpFetch;
import zship.builder.recipe.RecipeDefinition.Source;

/** Fetches source archives into the cache. Whatever its place, one is kept only when it has the recipe's digest. */
final class SourceFetch {

    /** Where Debian's archive is for a host that is not set up for one of its mirrors. */
    private static final String DEBIAN = "http://deb.debian.org/debian";

    private final StepContext build;
    private final Path aptFolder;

    SourceFetch(StepContext build, Path aptFolder) {
        this.build = build;
        this.aptFolder = aptFolder;
    }

    /**
     * Fetches an archive from the first place that has it.
     *
     * @throws BuildException that lists all places and what each of them said
     */
    void fetch(Source source) throws IOException {
        List<String> failures = new ArrayList<>();
        boolean altered = false;
        for (String url : places(source)) {
            Path scratch = build.workspace().temporary(Download.NAME);
            try {
                Path file = scratch.resolve(source.archive());
                get(url, file);
                Sha256 actual = Sha256.ofFile(file);
                if (actual.equals(source.digest())) {
                    keep(source, file);
                    build.events().on(new BuildEvent.Fetched(url, Files.size(file)));
                    return;
                }
                altered = true;
                fail(url, "SHA-256 of %s is %s, but the recipe says %s".formatted(source.archive(), actual,
                        source.digest()), failures);
            } catch (IOException e) {
                fail(url, Reasons.of(e), failures);
            } finally {
                Trees.delete(scratch);
            }
        }
        String what = "fetch " + source.archive();
        String why = String.join("\n", failures);
        String hint = "fetch it elsewhere and put it into %s%s".formatted(build.downloads(),
                source.equals(build.definition().source()) ? ", or give it with --source FILE" : "");
        throw altered ? BuildException.failed(what, why, hint) : BuildException.prerequisite(what, why, hint);
    }

    private void fail(String url, String reason, List<String> failures) {
        build.events().on(new BuildEvent.SourceUnavailable(url, reason));
        failures.add("%s: %s".formatted(url, reason));
    }

    private List<String> places(Source source) throws IOException {
        List<String> places = new ArrayList<>(source.urls());
        List<String> mirrors = AptSources.read(aptFolder).debianOnly().mirrors();
        for (String path : source.mirrored()) {
            for (String mirror : mirrors.isEmpty() ? List.of(DEBIAN) : mirrors) {
                places.add(mirror + "/" + path);
            }
        }
        return places;
    }

    private void get(String url, Path file) throws IOException {
        try (HttpFetch http = new HttpFetch(build.settings().environment())) {
            http.fetch(new URI(url), file);
        } catch (URISyntaxException | IllegalArgumentException e) {
            // A mirror of this machine; those of recipes are checked when they are read.
            throw new IOException("it is no http or https address", e);
        }
    }

    /** Puts a verified archive in its place: copied beside it first, checked again, then renamed. */
    void keep(Source source, Path file) throws IOException {
        Path scratch = Files.createTempFile(build.downloads(), ".new-", ".tmp");
        try {
            Files.copy(file, scratch, StandardCopyOption.REPLACE_EXISTING);
            if (!Sha256.ofFile(scratch).equals(source.digest())) {
                throw BuildException.failed("copy " + file, "it changed while it was copied", "try again");
            }
            Files.move(scratch, build.downloads().resolve(source.archive()), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }
}
