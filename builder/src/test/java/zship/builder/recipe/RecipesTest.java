package zship.builder.recipe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.builder.BuildException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link Recipes} and {@link RecipeReader}. */
class RecipesTest {

    /** Nothing that has a default. */
    private static final String SMALL = """
            name = "web"
            version = "1"
            summary = "a server"
            licence = "MIT"
            [source]
            archive = "web.tar.gz"
            sha256 = "49b5979f9f614140b6a38046154203ee28218d8fc549888596a683ad604e4d44"
            urls = ["http://127.0.0.1/web.tar.gz"]
            [compile]
            script = "make"
            [profiles.plain]
            summary = "the only one"
            [root]
            binaries = ["bin/web"]
            [[services]]
            name = "web"
            command = "/bin/web"
            max-restart = 3
            [health]
            port = 80
            path = "/"
            """;

    @Test
    void builtInWhenNameIsIcecastKnowsPortSecretsAndHealth() {
        Recipe recipe = Recipes.builtIn("icecast");
        assertThat(recipe.name()).isEqualTo("icecast");
        assertThat(recipe.version()).isEqualTo("2.4.4");
        assertThat(recipe.summary()).isNotBlank();
        assertThat(recipe.port()).isEqualTo(8000);
        assertThat(recipe.healthPath()).isEqualTo("/status-json.xsl");
        assertThat(recipe.secrets()).containsExactly("ICECAST_SOURCE_PASSWORD", "ICECAST_ADMIN_PASSWORD");
        assertThat(recipe.definition().source().digest().hex())
                .isEqualTo("49b5979f9f614140b6a38046154203ee28218d8fc549888596a683ad604e4d44");
    }

    @Test
    void builtInWhenFilesAreNamedHasThemAll() throws IOException {
        Recipe recipe = Recipes.builtIn("icecast");
        for (String patch : recipe.definition().compile().patches()) {
            assertThat(recipe.files().read(patch)).isNotEmpty();
        }
        for (String source : recipe.definition().launcher().orElseThrow().sources()) {
            assertThat(recipe.files().read(source)).isNotEmpty();
        }
        assertThatThrownBy(() -> recipe.files().read("absent")).isInstanceOf(IOException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void builtInWhenNameIsUnknownListsNamesAndHintsTheNearest() {
        assertThatThrownBy(() -> Recipes.builtIn("icecats")).isInstanceOfSatisfying(BuildException.class, e -> {
            assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
            assertThat(e.what()).isEqualTo("find recipe 'icecats'");
            assertThat(e.why()).isEqualTo("built-in recipes: icecast");
            assertThat(e.hint()).isEqualTo("zship build icecast");
        });
    }

    @ParameterizedTest
    @CsvSource({"icecast,icecast,0", "icecast,icecats,2", "'',abc,3", "kitten,sitting,3"})
    void distanceCountsChangedLetters(String left, String right, int distance) {
        assertThat(Recipes.distance(left, right)).isEqualTo(distance);
    }

    @Test
    void readWhenKeyIsMisspeltNamesLineAndNearestKey() throws IOException {
        String text = recipe().replaceFirst("sha256 =", "sha265 = \"x\"\nsha256 =");
        refused(text, "unknown key 'sha265' (line %d)".formatted(line(text, "sha265")), "did you mean 'sha256'?");
    }

    @Test
    void readWhenSlipIsBehindScriptsAndListsStillNamesItsLine() throws IOException {
        String text = recipe().replace("max-restart = 3", "max-restarts = 3");
        refused(text, "unknown key 'max-restarts' (line %d)".formatted(line(text, "max-restarts")),
                "did you mean 'max-restart'?");
        text = recipe().replace("needs = [\"libxml2\"]", "neds = [\"libxml2\"]");
        refused(text, "unknown key 'neds' (line %d)".formatted(line(text, "neds")), "did you mean 'needs'?");
        text = recipe().replace("packages = [\"libssl-dev\"], components = []", "package = [\"libssl-dev\"]");
        refused(text, "unknown key 'package' (line %d)".formatted(line(text, "package = [\"libssl")),
                "did you mean 'packages'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "components = [\"libogg\",|components = [\"libog\",|unknown component 'libog'|libogg",
        "tls = { packages = [], components = [\"openssl\"|tls = { packages = [], components = [\"opensl\"|unknown component 'opensl'|openssl",
        "needs = [\"libxml2\"]|needs = [\"libxm2\"]|unknown component 'libxm2'|libxml2",
        "components = [\"busybox\"]|components = [\"busybx\"]|unknown component 'busybx'|busybox",
        "theora = { packages = [], components = [\"static-|thera = { packages = [], components = [\"static-|unknown feature 'thera'|theora",
        "default-features = [\"speex\", \"theora\"]|default-features = [\"speex\", \"thera\"]|unknown feature of the profile 'thera'|theora",
        "default-shell = \"dash\"|default-shell = \"dahs\"|unknown shell 'dahs'|dash",
        "secret = \"ICECAST_SOURCE_PASSWORD\"|secret = \"ICECAST_SOURCE_PASSWROD\"|unknown secret 'ICECAST_SOURCE_PASSWROD'|ICECAST_SOURCE_PASSWORD",
        "default-profile = \"slim\"|default-profile = \"slimm\"|unknown profile 'slimm'|slim"})
    void readWhenANameRefersToNothingNamesLineAndNearest(String right, String wrong, String why, String nearest)
            throws IOException {
        assertThat(recipe()).contains(right);
        String text = recipe().replace(right, wrong);
        refused(text, "%s (line %d)".formatted(why, line(text, wrong)), "did you mean '%s'?".formatted(nearest));
    }

    @Test
    void readWhenAComponentNeedsOneThatComesLaterSaysSoWithTheLine() throws IOException {
        String text = recipe().replaceFirst("needs = \\[]", "needs = [\"openssl\"]");
        refused(text, "the component 'static-codecs' needs 'openssl', which is not listed before it (line %d)"
                .formatted(line(text, "needs = [\"openssl\"]")), "list the component 'openssl' before 'static-codecs'");
    }

    @Test
    void readWhenTwoComponentsHaveOneNameSaysSoWithTheLine() throws IOException {
        String text = recipe().replace("name = \"busybox\"", "name = \"dash\" # again");
        refused(text, "there is already a component 'dash' (line %d)".formatted(line(text, "# again")),
                "give each component a name of its own");
    }

    @Test
    void readWhenKeyIsMissingNamesItAndTheLineOfItsTable() throws IOException {
        String text = recipe().replaceFirst("sha256 = .*\n", "");
        refused(text, "the key 'sha256' is missing in source (line %d)".formatted(line(text, "[source]")),
                "correct the recipe file");
        // A user without a number would be root.
        text = recipe().replaceFirst("uid = 1000\n", "");
        refused(text, "the key 'uid' is missing in root.users.0 (line %d)".formatted(line(text, "[[root.users]]")),
                "correct the recipe file");
    }

    @Test
    void readWhenValueIsOfAnotherKindSaysWhichAndNamesTheLine() throws IOException {
        String text = recipe().replace("port = 8000", "port = \"http\"");
        refused(text, "the value of 'port' must be a whole number (line %d)".formatted(line(text, "port =")),
                "correct the recipe file");
        text = recipe().replace("binaries = [\"bin/icecast\"]", "binaries = \"bin/icecast\"");
        refused(text, "the value of 'binaries' must be a list (line %d)".formatted(line(text, "binaries =")),
                "correct the recipe file");
    }

    @Test
    void readWhenPackageCouldBeAnOptionRefusesIt() throws IOException {
        refused(recipe().replace("\"musl-tools\"]\ntools", "\"--option=x\"]\ntools"), "names of Debian packages",
                "correct");
    }

    @Test
    void readWhenOnlyTheNecessaryIsSaidTakesDefaults() {
        RecipeDefinition small = RecipeReader.read(SMALL.getBytes(StandardCharsets.UTF_8), "own.toml", List.of());
        assertThat(small.defaultProfile()).isEqualTo("plain");
        assertThat(small.profiles().get("plain").defaultShell()).isEqualTo("none");
        assertThat(small.launcher()).isEmpty();
        assertThat(small.components()).isEmpty();
        assertThat(small.compile().script()).contains("make");
    }

    @Test
    void readWhenValuesAreSetReplacesThem() {
        RecipeDefinition set = RecipeReader.read(SMALL.getBytes(StandardCharsets.UTF_8), "own.toml",
                Stream.of("health.port=8080", "version=2.0", "services.web.arguments=[\"-v\"]",
                        "services.0.max-restart=7", "profiles.plain.environment.CC=gcc -m64")
                        .map(RecipeChange::of).toList());
        assertThat(set.health().port()).isEqualTo(8080);
        assertThat(set.services().getFirst().arguments()).containsExactly("-v");
        assertThat(set.services().getFirst().maxRestart()).isEqualTo(7);
        assertThat(set.profiles().get("plain").environment()).containsEntry("CC", "gcc -m64");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "health.prot=1|unknown key 'prot' (after --set health.prot)|did you mean 'port'?",
        "health.port=0|1 to 65535: 0 (after --set health.port)|correct --set health.port=0",
        "services.nothing.command=x|the recipe has no such key|look at the keys",
        "summary.x.y=1|the recipe has no such key|look at the keys"})
    void readWhenSetValueIsWrongNamesTheOption(String change, String why, String hint) {
        assertThatThrownBy(() -> RecipeReader.read(SMALL.getBytes(StandardCharsets.UTF_8), "own.toml",
                List.of(RecipeChange.of(change)))).isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
                    assertThat(e.why()).contains(why);
                    assertThat(e.hint()).contains(hint);
                });
    }

    @Test
    void setWhenItHasNoValueIsAUsageError() {
        assertThatThrownBy(() -> RecipeChange.of("health.port")).isInstanceOfSatisfying(BuildException.class,
                e -> assertThat(e.what()).isEqualTo("use --set health.port"));
    }

    @Test
    void findWhenPathIsGivenReadsTheFileAndThoseBesideItOnly(@TempDir Path folder) throws IOException {
        Path recipe = Files.createDirectory(folder.resolve("web"));
        Files.writeString(recipe.resolve("recipe.toml"), SMALL);
        Files.writeString(recipe.resolve("page"), "hello");
        Files.writeString(folder.resolve("secret"), "no");
        Files.createSymbolicLink(recipe.resolve("link"), folder.resolve("secret"));
        for (String named : List.of(recipe.toString(), recipe.resolve("recipe.toml").toString())) {
            Recipe found = Recipes.find(named, List.of());
            assertThat(found.name()).isEqualTo("web");
            assertThat(found.files().read("page")).asString().isEqualTo("hello");
            for (String outside : List.of("../secret", "link", folder.resolve("secret").toString(), "absent")) {
                assertThatThrownBy(() -> found.files().read(outside)).as(outside).isInstanceOf(IOException.class);
            }
        }
        assertThatThrownBy(() -> Recipes.find(folder.resolve("x.toml").toString(), List.of()))
                .isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
                    assertThat(e.what()).isEqualTo("find the recipe " + folder.resolve("x.toml"));
                });
    }

    @Test
    void readWhenSyntaxIsWrongNamesTheLine() throws IOException {
        refused(recipe().replaceFirst("version = .*\n", "version = = 3\n"), "(line 3)", "correct the recipe file");
    }

    @ParameterizedTest
    @CsvSource({"ftp://host/web.tar.gz", "file:///srv/web.tar.gz", "host/web.tar.gz", "http:/web.tar.gz",
        "http://host/web 1.tar.gz"})
    void readWhenAUrlIsNoAddressOfAWebServerNamesItAndTheLine(String url) {
        String text = SMALL.replace("http://127.0.0.1/web.tar.gz", url);
        refused(text, "'%s', ".formatted(url), "correct");
        refused(text, " (line %d)".formatted(line(text, "[source]")), "correct");
    }

    @Test
    void readWhenAPathOfMirrorsHasASpaceRefusesIt() {
        refused(SMALL.replace("[compile]", "mirrored = [\"pool/a b\"]\n[compile]"), "'pool/a b' (line 5)", "correct");
    }

    @ParameterizedTest
    @ValueSource(strings = {"command = \"/bin/{WEB}\"", "command = \"/bin/web\\u0007\"",
        "command = \"/bin/web\"\narguments = [\"-p\", \"{PORT}\"]"})
    void readWhenTheNodeWouldNotTakeAServiceAsItIsRefusesItWithTheLine(String command) {
        String text = SMALL.replace("command = \"/bin/web\"", command);
        refused(text, "must have neither braces nor control characters: '", "correct");
        refused(text, " (line %d)".formatted(line(text, "[[services]]")), "correct");
    }

    @Test
    void readWhenPathLeavesTheRootRefusesIt() throws IOException {
        refused(recipe().replace("var/log/icecast", "var/../../etc"), "must be relative to the root", "correct");
    }

    @Test
    void readWhenDigestIsNoDigestRefusesIt() throws IOException {
        refused(recipe().replaceFirst("sha256 = \"....", "sha256 = \""), "not a SHA-256 digest", "correct");
    }

    @Test
    void readWhenModeOrPortOrNamesAreWrongRefusesThem() throws IOException {
        refused(recipe().replace("mode = \"0755\"", "mode = \"rwx\""), "octal", "correct");
        refused(recipe().replace("port = 8000", "port = 80000"), "1 to 65535", "correct");
        refused(recipe().replaceFirst("name = \"icecast\"", "name = \"../x\""), "small letters", "correct");
        refused(recipe().replace("archive = \"", "archive = \"../"), "plain file name", "correct");
    }

    @Test
    void readWhenFileIsHugeRefusesIt() {
        refused("#".repeat(300_000), "more than 262144", "give a recipe file");
    }

    @ParameterizedTest
    @CsvSource({"method = \"PUT\",method = \"PUT /\",capital letters",
        "path = \"/zship-test.mp3\",path = \"/a b\",no spaces",
        "user = \"source\",user = \"a:b\",no colon", "status = 100,status = 401,not 401",
        "Content-Type: audio/mpeg,Content-Type,NAME: VALUE"})
    void readWhenALoginIsWrongRefusesItWithTheLine(String right, String wrong, String why) throws IOException {
        assertThat(recipe()).contains(right);
        String text = recipe().replace(right, wrong);
        refused(text, why, "correct");
        refused(text, " (line %d)".formatted(line(text, "[[health.logins]]")), "correct");
    }

    private static int line(String text, String begin) {
        List<String> lines = text.lines().toList();
        return IntStream.range(0, lines.size()).filter(i -> lines.get(i).contains(begin)).findFirst().orElseThrow() + 1;
    }

    private static String recipe() throws IOException {
        return new String(Recipes.builtIn("icecast").files().read("recipe.toml"), StandardCharsets.UTF_8);
    }

    private static void refused(String text, String why, String hint) {
        assertThatThrownBy(() -> RecipeReader.read(text.getBytes(StandardCharsets.UTF_8), "own.toml", List.of()))
                .isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
                    assertThat(e.what()).isEqualTo("read recipe own.toml");
                    assertThat(e.why()).contains(why);
                    assertThat(e.hint()).contains(hint);
                });
    }
}
