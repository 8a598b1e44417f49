package zship.builder.recipe;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.builder.BuildException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests for {@link Variant}, with the built-in recipe. */
class VariantTest {

    @Test
    void profileWhenNothingElseIsChosenHasItsOwnFeaturesAndShell() {
        Variant full = variant("full", Optional.empty(), Optional.empty());
        assertThat(full.name()).isEqualTo("full");
        assertThat(full.features()).containsExactly("curl", "speex", "theora", "tls");
        assertThat(full.lacks()).isEmpty();
        assertThat(components(full)).containsExactly("libogg", "libvorbis", "speex", "libtheora", "libxml2", "libxslt",
                "openssl", "curl", "dash");
        assertThat(full.configure()).containsExactly("--prefix=/");
    }

    @Test
    void featureWhenLeftOutTakesItsComponentsAndSaysSo() {
        Variant variant = variant("full", Optional.of(List.of("tls", "theora")), Optional.of("none"));
        assertThat(variant.name()).matches("full-[0-9a-f]{8}");
        assertThat(components(variant)).contains("openssl", "libtheora").doesNotContain("curl", "speex", "dash");
        assertThat(variant.configure()).contains("--without-curl", "--disable-yp", "--without-speex")
                .doesNotContain("--without-theora");
        assertThat(variant.lacks()).containsExactlyInAnyOrder("YP directories and URL authentication", "Speex");
    }

    @Test
    void nameWhenChoicesAreTheProfilesOwnIsTheProfiles() {
        assertThat(variant("small", Optional.of(List.of("theora", "speex")), Optional.of("none")).name())
                .isEqualTo("small");
        assertThat(variant("small", Optional.of(List.of()), Optional.empty()).name())
                .isNotEqualTo(variant("small", Optional.empty(), Optional.of("dash")).name());
    }

    @Test
    void smallAndFullHaveTheSamePackagesSoThatTheyShareComponents() {
        assertThat(variant("small", Optional.empty(), Optional.empty()).packages())
                .isEqualTo(variant("full", Optional.empty(), Optional.empty()).packages());
        assertThat(variant("small", Optional.empty(), Optional.empty()).profile().environment())
                .isEqualTo(variant("full", Optional.empty(), Optional.empty()).profile().environment());
    }

    @ParameterizedTest
    @CsvSource({"slin,,,'find the profile ''slin''',slim", "full,tsl,,'find the feature ''tsl''',tls",
        "classic,theora,,'find the feature of the profile classic ''theora''',tls",
        "full,,bash,'find the shell ''bash''',dash"})
    void unknownNameIsAUsageErrorWithTheNearest(String profile, String feature, String shell, String what,
            String nearest) {
        assertThatThrownBy(() -> variant(profile, Optional.ofNullable(feature).map(List::of),
                Optional.ofNullable(shell))).isInstanceOfSatisfying(BuildException.class, e -> {
                    assertThat(e.kind()).isEqualTo(BuildException.Kind.USAGE);
                    assertThat(e.what()).isEqualTo(what);
                    assertThat(e.why()).contains(nearest);
                });
    }

    private static List<String> components(Variant variant) {
        return variant.components().stream().map(RecipeDefinition.Component::name).toList();
    }

    private static Variant variant(String profile, Optional<List<String>> features, Optional<String> shell) {
        return Recipes.builtIn("icecast").with(new Selection(Optional.of(profile), features, shell)).variant();
    }
}
