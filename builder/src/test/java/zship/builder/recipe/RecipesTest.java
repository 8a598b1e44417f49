package zship.builder.recipe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.builder.BuildException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link Recipes} and {@link RecipeReader}. */
class RecipesTest {

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
        for (String source : recipe.definition().launcher().sources()) {
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
        refused(recipe().replaceFirst("sha256 =", "sha265 = \"x\"\nsha256 ="), "unknown key 'sha265'",
                "did you mean 'sha256'?");
    }

    @Test
    void readWhenKeyIsMissingNamesIt() throws IOException {
        refused(recipe().replaceFirst("sha256 = .*\n", ""), "sha256", "correct the recipe file");
    }

    @Test
    void readWhenSyntaxIsWrongNamesTheLine() throws IOException {
        refused(recipe().replaceFirst("version = .*\n", "version = = 3\n"), "(line 3)", "correct the recipe file");
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

    private static String recipe() throws IOException {
        return new String(Recipes.builtIn("icecast").files().read("recipe.toml"), StandardCharsets.UTF_8);
    }

    private static void refused(String text, String why, String hint) {
        assertThatThrownBy(() -> RecipeReader.read(text.getBytes(StandardCharsets.UTF_8), "own.toml"))
                .isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
                    assertThat(e.what()).isEqualTo("read recipe own.toml");
                    assertThat(e.why()).contains(why);
                    assertThat(e.hint()).contains(hint);
                });
    }
}
