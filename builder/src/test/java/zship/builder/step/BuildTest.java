package zship.builder.step;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import com.sun.net.httpserver.HttpServer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.builder.AsciiLocale;
import zship.builder.BuildEvent;
import zship.builder.BuildEvents;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.recipe.Recipes;
import zship.builder.recipe.Selection;
import zship.builder.recipe.Variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Tests for {@link Build}: the steps that need neither a compiler nor a package mirror. */
class BuildTest {

    private static final String CONTENT = "the bytes of a release";

    @TempDir
    private Path folder;

    private final List<BuildEvent> events = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/good", 200, CONTENT);
        answer("/altered", 200, "other bytes");
        answer("/gone", 404, "not here");
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void stepNamesAreThoseOfTheTutorial() {
        assertThat(Build.stepNames()).containsExactly("earlystage", "download", "extract", "compile", "dependencies",
                "config", "startup", "cleanup", "archive");
    }

    @Test
    void runWhenStepIsUnknownListsStepsAndHintsTheNearest() {
        BuildException e = failure(build(settings().withFrom("complie"), url("/good")));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
        assertThat(e.why()).contains("compile", "archive");
        assertThat(e.hint()).isEqualTo("did you mean 'compile'?");
    }

    @Test
    void runWhenItEndsEarlyIsAUsageError() {
        BuildException e = catchThrowableOfType(BuildException.class,
                () -> build(settings().withUntil("download"), url("/good")).run());
        assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
    }

    @Test
    void downloadWhenFirstPlacesFailTellsThemAndTakesTheNext() {
        assertThat(build(settings().withUntil("download"), url("/gone"), url("/altered"), url("/good")).runSteps())
                .isEmpty();
        assertThat(events).filteredOn(BuildEvent.SourceUnavailable.class::isInstance).hasSize(2);
        assertThat(events).contains(new BuildEvent.SourceUnavailable(url("/gone"), "it answers with status 404"),
                new BuildEvent.Fetched(url("/good"), CONTENT.length()));
        assertThat(folder.resolve("downloads/release.tar.gz")).hasContent(CONTENT);
    }

    @Test
    void downloadWhenCacheHasTheArchiveFetchesNothing() {
        build(settings().withUntil("download"), url("/good")).runSteps();
        server.stop(0);
        events.clear();
        build(settings().withUntil("download"), url("/good")).runSteps();
        assertThat(finished("download").cached()).isTrue();
    }

    @Test
    void downloadWhenCachedArchiveIsAlteredFetchesAgain() throws IOException {
        build(settings().withUntil("download"), url("/good")).runSteps();
        Files.writeString(folder.resolve("downloads/release.tar.gz"), "damaged");
        build(settings().withUntil("download"), url("/good")).runSteps();
        assertThat(folder.resolve("downloads/release.tar.gz")).hasContent(CONTENT);
    }

    @Test
    void downloadWhenEveryPlaceHasOtherBytesNamesBothDigestsAndKeepsNothing() {
        BuildException e = failure(build(settings().withUntil("download"), url("/altered")));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.FAILED);
        assertThat(e.what()).isEqualTo("fetch release.tar.gz");
        assertThat(e.why()).contains(Sha256.ofText("other bytes").hex(), Sha256.ofText(CONTENT).hex(),
                "release.tar.gz");
        assertThat(folder.resolve("downloads")).isEmptyDirectory();
    }

    @Test
    void downloadWhenNoPlaceAnswersIsAPrerequisiteThatListsThem() {
        BuildException e = failure(build(settings().withUntil("download"), url("/gone"), "http://127.0.0.1:1/x"));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.PREREQUISITE);
        assertThat(e.why()).contains(url("/gone") + ": it answers with status 404", "http://127.0.0.1:1/x: ");
        assertThat(e.hint()).contains("--source FILE");
    }

    @Test
    void downloadWhenSourceIsGivenCopiesIt() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.tar.gz"), CONTENT);
        build(settings().withSource(file).withUntil("download")).runSteps();
        assertThat(folder.resolve("downloads/release.tar.gz")).hasContent(CONTENT);
        assertThat(finished("download").cached()).isFalse();
    }

    @Test
    void downloadWhenSourceHasAnotherDigestNamesFileAndBothDigests() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.tar.gz"), "altered");
        BuildException e = failure(build(settings().withSource(file)));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.FAILED);
        assertThat(e.what()).contains(file.toString());
        assertThat(e.why()).contains(Sha256.ofText("altered").hex(), Sha256.ofText(CONTENT).hex());
        assertThat(folder.resolve("downloads")).isEmptyDirectory();
    }

    @Test
    void downloadWhenSourceIsAFolderLooksForTheArchiveInIt() {
        BuildException e = failure(build(settings().withSource(folder)));
        assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
        assertThat(e.what()).endsWith("/release.tar.gz");
    }

    @Test
    void earlystageWhenCompilerIsNotThereIsAPrerequisiteWithTheCommand() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("no-programs"));
        Build build = new Build(Recipes.builtIn("icecast").with(Selection.profile("classic")),
                settings().withHost(true), events::add, new Build.Host(empty.toString(), folder));
        BuildException e = failure(build);
        assertThat(e.kind()).isEqualTo(BuildException.Kind.PREREQUISITE);
        assertThat(e.why()).contains("gcc, make, patch, strip, musl-gcc", empty.toString());
        assertThat(e.hint()).contains("musl-tools").contains("libxslt1-dev");
    }

    @Test
    void runWhenCacheIsAFileSaysWhichAndWhy() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        BuildException e = failure(build(BuildSettings.of(file)));
        assertThat(e.what()).isEqualTo("use the build cache " + file.resolve("build"));
        assertThat(e.why()).doesNotContain("Exception");
    }

    @Test
    void runWhenArchiveIsNoArchiveSaysSoAndKeepsNoResult() {
        BuildException e = failure(build(settings().withUntil("extract"), url("/good")));
        assertThat(e.what()).startsWith("extract ").endsWith("release.tar.gz");
        assertThat(folder.resolve("build/radio/plain-host/extract")).doesNotExist();
    }

    @Test
    void runWhenCleanIsAskedForgetsResultsButKeepsDownloads() throws IOException {
        build(settings().withUntil("download"), url("/good")).runSteps();
        Path old = Files.createDirectories(folder.resolve("build/radio/plain-host/compile"));
        build(settings().withUntil("earlystage").withClean(true), url("/good")).runSteps();
        assertThat(old).doesNotExist();
        assertThat(folder.resolve("downloads/release.tar.gz")).exists();
    }

    @Test
    void runWhenEpochIsNoNumberIsAUsageError() throws IOException {
        StepContext context = new StepContext(Recipes.builtIn("icecast"),
                settings().withEnvironment(Map.of("SOURCE_DATE_EPOCH", "today")), new Workspace(folder), "",
                events::add);
        assertThatThrownBy(context::buildTime).isInstanceOfSatisfying(BuildException.class,
                e -> assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE));
    }

    @Test
    void downloadWhenAMirrorOfTheMachineIsNoAddressTriesTheNext() throws IOException {
        Files.writeString(folder.resolve("sources.list"),
                "deb http://[broken/debian stable main\ndeb %s stable main\n".formatted(url("/debian")));
        answer("/debian/pool/release.tar.gz", 200, CONTENT);
        build(settings().withUntil("download"), List.of(), List.of("pool/release.tar.gz")).runSteps();
        assertThat(events).contains(new BuildEvent.SourceUnavailable("http://[broken/debian/pool/release.tar.gz",
                "it is no http or https address"));
        assertThat(folder.resolve("downloads/release.tar.gz")).hasContent(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 86_400 * 365})
    void extractWhenTheSourceHasNoDatesSaysSoEachTimeAndTakesAFixedOne(long seconds) throws IOException {
        Build build = extraction(settings(), seconds);
        for (int times = 0; times < 2; times++) {
            events.clear();
            build.runSteps();
            assertThat(events).contains(
                    new BuildEvent.SourceUndated("release.tar.gz", Instant.parse("1980-01-01T00:00:00Z")));
            assertThat(finished("extract").detail()).isEqualTo("radio-1, without a date");
        }
        assertThat(new StepContext(Recipes.builtIn("icecast"), settings(),
                new Workspace(folder.resolve("build/radio/plain-host")), "", events::add).buildTime())
                .isEqualTo("1980-01-01T00:00:00Z");
    }

    @Test
    void extractWhenADateIsGivenOrTheSourceHasOneSaysNothing() throws IOException {
        extraction(settings().withEnvironment(Map.of("SOURCE_DATE_EPOCH", "1000000000")), 0).runSteps();
        extraction(settings(), 1_000_000_000).runSteps();
        assertThat(events).noneMatch(BuildEvent.SourceUndated.class::isInstance);
        assertThat(finished("extract").detail()).isEqualTo("radio-1, without a date");
    }

    /** A build until the step extract of a source whose files have this time. */
    private Build extraction(BuildSettings settings, long seconds) throws IOException {
        Path archive = folder.resolve("given.tar.gz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                new GZIPOutputStream(Files.newOutputStream(archive)))) {
            for (String name : List.of("radio-1/", "radio-1/file")) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setModTime(FileTime.from(seconds, TimeUnit.SECONDS));
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        RecipeDefinition.Source source = new RecipeDefinition.Source("release.tar.gz", Sha256.ofFile(archive).hex(),
                List.of(), List.of());
        return new Build(Recipe.of(radio(source), name -> new byte[0]),
                settings.withHost(true).withSource(archive).withUntil("extract"), events::add,
                new Build.Host("/nonexistent", folder));
    }

    @Test
    void extractWhenTheLocaleHasNoNameForAMemberNamesIt() throws IOException, InterruptedException {
        Path archive = folder.resolve("release.tar.gz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                new GZIPOutputStream(Files.newOutputStream(archive)), "UTF-8")) {
            tar.putArchiveEntry(new TarArchiveEntry("radio-1/gr\u00fc\u00dfe"));
            tar.closeArchiveEntry();
        }
        assertThat(AsciiLocale.output(Extraction.class, archive, folder.resolve("cache"))).isEqualTo("""
                do the step extract of radio
                'radio-1/gr\u00fc\u00dfe' is no file name in this locale: \
                Malformed input or input contains unmappable characters
                set LC_ALL=C.UTF-8 and build again
                """);
    }

    /** A build from an archive until its step extract, for another JVM. */
    static final class Extraction {

        private Extraction() {
        }

        public static void main(String[] arguments) throws IOException {
            Path archive = Path.of(arguments[0]);
            RecipeDefinition.Source source = new RecipeDefinition.Source("release.tar.gz",
                    Sha256.ofFile(archive).hex(), List.of(), List.of());
            BuildSettings settings = BuildSettings.of(Path.of(arguments[1])).withHost(true).withSource(archive)
                    .withUntil("extract");
            BuildException e = failure(new Build(Recipe.of(radio(source), name -> new byte[0]), settings,
                    BuildEvents.none(), new Build.Host("/nonexistent", Path.of("/nonexistent"))));
            System.out.println(e.what() + "\n" + e.why() + "\n" + e.hint());
        }
    }

    private static BuildException failure(Build build) {
        return catchThrowableOfType(BuildException.class, build::runSteps);
    }

    private BuildSettings settings() {
        return BuildSettings.of(folder);
    }

    /** A build of a recipe that needs no packages and no tools up to the step extract. */
    private Build build(BuildSettings settings, String... urls) {
        return build(settings, List.of(urls), List.of());
    }

    private Build build(BuildSettings settings, List<String> urls, List<String> mirrored) {
        RecipeDefinition.Source source = new RecipeDefinition.Source("release.tar.gz", Sha256.ofText(CONTENT).hex(),
                urls, mirrored);
        return new Build(Recipe.of(radio(source), name -> new byte[0]), settings.withHost(true), events::add,
                new Build.Host("/nonexistent", folder));
    }

    private static RecipeDefinition radio(RecipeDefinition.Source source) {
        RecipeDefinition icecast = Recipes.builtIn("icecast").definition();
        RecipeDefinition.Compile nothing = new RecipeDefinition.Compile(List.of(), List.of(), List.of(), List.of(),
                List.of(), Optional.empty());
        RecipeDefinition.Profile plain = new RecipeDefinition.Profile("", List.of(), List.of(), List.of(), Map.of(),
                List.of(), Variant.NO_SHELL, Map.of(), List.of(), List.of(), List.of(), "");
        return new RecipeDefinition("radio", "1", "test", "MIT", List.of(), "plain", source, nothing, List.of(),
                Map.of(), Map.of("plain", plain), Map.of(), icecast.root(), icecast.launcher(), icecast.services(),
                icecast.health());
    }

    private BuildEvent.StepFinished finished(String step) {
        return events.stream().filter(BuildEvent.StepFinished.class::isInstance)
                .map(BuildEvent.StepFinished.class::cast).filter(event -> event.step().equals(step)).findFirst()
                .orElseThrow();
    }

    private String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    private void answer(String path, int status, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
