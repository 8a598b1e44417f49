package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What is in a root: all that is needed and no more, each part accounted for, at the time that was asked for. */
class RootContentsIT {
    private static final String PROFILE = "classic";
    private static final String LIBRARIES = "lib/x86_64-linux-gnu";

    @TempDir
    Path folder;

    private Zship zship;

    @BeforeEach
    void user() {
        zship = new Zship(folder.resolve("home"), Zship.sharedCache());
    }

    @Test
    void libraryThatIsMissingOrTooManyIsNamed() throws IOException, InterruptedException {
        BuiltRoots.build(zship, PROFILE);
        Path cache = Files.createDirectories(folder.resolve("cache/zship"));
        for (String kept : List.of("packages", "downloads")) {
            Files.createSymbolicLink(cache.resolve(kept), Zship.sharedCache().resolve("zship").resolve(kept));
        }
        Path build = Files.createDirectories(cache.resolve("build/icecast"));
        text("cp", "-a", Zship.sharedCache().resolve("zship/build/icecast").resolve(PROFILE).toString(),
                build.toString());
        Zship own = new Zship(folder.resolve("home"), cache.getParent());
        assertThat(own.ok("build", "--profile", PROFILE, "--json").out()).as("steps of a cache that was moved")
                .contains("\"cached\":true").doesNotContain("\"cached\":false");
        Path libraries = build.resolve(PROFILE).resolve("dependencies").resolve(LIBRARIES);

        Path ogg = libraries.resolve("libogg.so.0");
        Path aside = Files.move(ogg, folder.resolve("libogg.so.0"));
        Zship.Run lacking = own.run("build", "--profile", PROFILE, "--from", "cleanup");
        assertThat(lacking.code()).isEqualTo(1);
        assertThat(lacking.err()).contains("error: cannot verify the root")
                .containsPattern("it lacks libogg\\.so\\.0 \\(needed by (/bin/icecast|lib[a-z]+\\.so\\.[0-9]+)\\)");

        Files.move(aside, ogg);
        Path extra = Files.copy(ogg, libraries.resolve("libextra.so.1"));
        Path more = Files.copy(ogg, libraries.resolveSibling("libmore.so.2"));
        Zship.Run superfluous = own.run("build", "--profile", PROFILE, "--from", "cleanup");
        assertThat(superfluous.code()).isEqualTo(1);
        assertThat(superfluous.err()).contains("error: cannot verify the root",
                "nothing needs libextra.so.1, libmore.so.2");

        Files.delete(extra);
        Files.delete(more);
        own.ok("build", "--profile", PROFILE, "--from", "cleanup");
    }

    @Test
    void archiveAndItsBillGoWhereTheUserWantsThem() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path file = folder.resolve("mine.tgz");
        JsonNode built = zship.ok("build", "--profile", PROFILE, "-o", out.toString(), "--archive", file.toString(),
                "--json").json();
        Path archive = Path.of(built.path("archive").asString());
        assertThat(file).hasSameBinaryContentAs(archive);
        assertThat(out.resolve(archive.getFileName())).hasSameBinaryContentAs(archive);
        Path bill = Path.of(built.path("bill").asString());
        assertThat(folder.resolve("mine.cdx.json")).hasSameBinaryContentAs(bill);
        assertThat(out.resolve(bill.getFileName())).hasSameBinaryContentAs(bill);
        Zship.Run refused = zship.run("build", "--profile", PROFILE, "-o", file + "/below");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("cannot make the folder " + file + "/below");
    }

    @Test
    void whyTellsWhoNeedsALibrary() throws IOException, InterruptedException {
        Zship.Run text = zship.ok("build", "--profile", PROFILE, "--why", "libicudata");
        assertThat(text.out()).matches("""
                libicudata\\.so\\.[0-9]+, [0-9.]+ MiB, from libicu[0-9]+ [^ ]+
                needed by libicuuc\\.so\\.[0-9]+
                /bin/icecast -> libxml2\\.so\\.2 -> libicuuc\\.so\\.[0-9]+ -> libicudata\\.so\\.[0-9]+
                """);
        JsonNode json = zship.ok("build", "--profile", PROFILE, "--why", "libogg.so.0", "--json").json();
        assertThat(json.path("library").asString()).isEqualTo("libogg.so.0");
        assertThat(json.path("bytes").asLong()).isPositive();
        assertThat(json.path("package").asString()).startsWith("libogg0 ");
        assertThat(json.path("neededBy").toString()).contains("icecast");
        assertThat(json.path("chain").valueStream().map(JsonNode::asString)).startsWith("/bin/icecast")
                .endsWith("libogg.so.0");

        Zship.Run unknown = zship.run("build", "--profile", PROFILE, "--why", "libcairo");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err()).contains("error: cannot find the library 'libcairo' in the root", "it has ",
                "libogg.so.0", "hint: name one of these");
    }

    @ParameterizedTest
    @CsvSource({"classic,ca-certificates musl-dev libc6 libgcc-s1 libxml2 libxslt1.1 libcurl4 libssl3 libogg0",
        "slim,ca-certificates musl-dev libc6 libgcc-s1 libxml2 libxslt curl libssl-dev libogg-dev libvorbis-dev "
                + "libtheora-dev libspeex-dev"})
    void billAccountsForEveryPart(String profile, String parts) throws IOException, InterruptedException {
        JsonNode built = BuiltRoots.build(zship, profile);
        Path root = BuiltRoots.unpack(built, folder.resolve("root"));
        Map<String, String> billed = new TreeMap<>();
        for (JsonNode part : JsonMapper.shared().readTree(Path.of(built.path("bill").asString()).toFile())
                .path("components")) {
            billed.put(part.path("name").asString(), part.path("version").asString());
            assertThat(part.path("licenses").valueStream()).as(part.toString()).isNotEmpty().allSatisfy(
                    licence -> assertThat(licence.path("license").toString()).containsPattern("\"(id|name)\":\"."));
        }
        assertThat(billed).containsKeys(parts.split(" "));

        Map<String, String> packages = packages();
        List<Path> libraries = files(root.resolve(LIBRARIES));
        assertThat(libraries).isNotEmpty().allSatisfy(library -> {
            String owner = owner(library.getFileName().toString());
            assertThat(billed).as("the package of " + library).containsEntry(owner, packages.get(owner));
        });
    }

    @Test
    void givenTimeIsOnEverythingInTheArchive() throws IOException, InterruptedException {
        JsonNode built = zship.with("SOURCE_DATE_EPOCH", "1000000000")
                .ok("build", RecipeIT.RECIPE.toString(), "--json").json();
        String listed = text("tar", "--list", "--verbose", "--utc", "--full-time", "--file",
                built.path("archive").asString());
        assertThat(listed.lines()).isNotEmpty().allSatisfy(line -> assertThat(line).contains(" 2001-09-09 01:46:40 "));
        assertThat(JsonMapper.shared().readTree(Path.of(built.path("bill").asString()).toFile()).path("metadata")
                .path("timestamp").asString()).isEqualTo("2001-09-09T01:46:40Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "-1", "1.5", "", "8589934592", "99999999999999999999"})
    void timeThatNoArchiveCanHoldIsRefusedBeforeAnythingIsDone(String time) throws IOException, InterruptedException {
        Zship fresh = new Zship(folder.resolve("home"), folder.resolve("cache")).with("SOURCE_DATE_EPOCH", time);
        Zship.Run run = fresh.run("build", RecipeIT.RECIPE.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).endsWith("""
                error: cannot use SOURCE_DATE_EPOCH=%s
                  it is no number of seconds since 1970, from 0 to 8589934591
                  hint: give such a number or unset it
                """.formatted(time));
        assertThat(folder.resolve("cache/zship/packages")).doesNotExist();
    }

    /** The packages of all build environments in the cache, with their versions. */
    private static Map<String, String> packages() throws IOException {
        Map<String, String> versions = new TreeMap<>();
        for (Path file : buildRootFiles("packages")) {
            Files.readAllLines(file).forEach(line -> versions.put(line.split("\t")[0], line.split("\t")[1]));
        }
        return versions;
    }

    /** The package that has a library, by the lists of files that the packages came with. */
    private static String owner(String library) throws IOException, InterruptedException {
        TreeSet<String> owners = new TreeSet<>();
        for (Path lists : buildRootFiles("lists")) {
            text("grep", "--recursive", "--files-with-matches", "--line-regexp", "--extended-regexp",
                    "\\./(usr/)?lib(64)?/(x86_64-linux-gnu/)?" + library.replace(".", "\\.").replace("+", "\\+"),
                    lists.toString()).lines().forEach(list -> owners.add(Path.of(list).getFileName().toString()));
        }
        assertThat(owners).as("owners of " + library).hasSize(1);
        return owners.first();
    }

    private static List<Path> buildRootFiles(String name) throws IOException {
        return files(Zship.sharedCache().resolve("zship/packages/roots")).stream().map(root -> root.resolve(name))
                .toList();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    private static String text(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command)).isLessThan(2);
        return said;
    }
}
