package zship.builder.recipe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition.Component;
import zship.builder.recipe.RecipeDefinition.Feature;
import zship.builder.recipe.RecipeDefinition.Parts;
import zship.builder.recipe.RecipeDefinition.Profile;

/**
 * One way to build a recipe: a profile with the chosen features and shell, resolved to packages, components and
 * arguments.
 *
 * @param name the profile, followed by a digest of the choices when these are not the profile's own
 * @param profile what the recipe says about the profile
 * @param features the features it has, sorted
 * @param shell the shell in the root, {@code none} for none
 * @param packages Debian packages of the build environment, sorted
 * @param components what is built from source, each after those that it needs
 * @param configure arguments of configure
 * @param lacks what it cannot do, for people
 */
public record Variant(String name, Profile profile, List<String> features, String shell, List<String> packages,
        List<Component> components, List<String> configure, List<String> lacks) {

    /** The name of a root without a shell. */
    public static final String NO_SHELL = "none";

    /** Copies the lists. */
    public Variant {
        features = List.copyOf(features);
        packages = List.copyOf(packages);
        components = List.copyOf(components);
        configure = List.copyOf(configure);
        lacks = List.copyOf(lacks);
    }

    /**
     * Resolves what was chosen.
     *
     * @throws BuildException of kind USAGE with the nearest name when the recipe knows no such profile, feature or shell
     */
    static Variant of(RecipeDefinition recipe, Selection selection) {
        String profileName = known("profile", selection.profile().orElse(recipe.defaultProfile()),
                recipe.profiles().keySet());
        Profile profile = Objects.requireNonNull(recipe.profiles().get(profileName));
        Set<String> features = new TreeSet<>();
        for (String feature : selection.features().orElse(profile.defaultFeatures())) {
            known("feature", feature, recipe.features().keySet());
            features.add(known("feature of the profile " + profileName, feature, profile.features().keySet()));
        }
        Set<String> shells = new TreeSet<>(recipe.shells().keySet());
        shells.add(NO_SHELL);
        String shell = known("shell", selection.shell().orElse(profile.defaultShell()), shells);
        boolean usual = features.equals(new TreeSet<>(profile.defaultFeatures()))
                && shell.equals(profile.defaultShell());
        String name = usual
                ? profileName
                : profileName + "-" + Sha256.ofText(features + shell).hex().substring(0, 8);
        return resolve(recipe, name, profile, features, shell);
    }

    private static Variant resolve(RecipeDefinition recipe, String name, Profile profile, Set<String> features,
            String shell) {
        Set<String> packages = new TreeSet<>(recipe.compile().packages());
        Set<String> wanted = new LinkedHashSet<>(profile.components());
        packages.addAll(profile.packages());
        List<Parts> parts = new ArrayList<>();
        features.forEach(feature -> parts.add(Objects.requireNonNull(profile.features().get(feature))));
        if (!shell.equals(NO_SHELL)) {
            parts.add(Objects.requireNonNull(recipe.shells().get(shell)));
        }
        for (Parts part : parts) {
            packages.addAll(part.packages());
            wanted.addAll(part.components());
        }
        // The recipe lists components in an order in which each comes after those that it needs.
        List<Component> components = recipe.components().stream().filter(it -> wanted.contains(it.name())).toList();
        components.forEach(component -> packages.addAll(component.packages()));
        List<String> configure = new ArrayList<>(recipe.compile().configure());
        configure.addAll(profile.configure());
        List<String> lacks = new ArrayList<>(profile.lacks());
        for (Map.Entry<String, Feature> feature : recipe.features().entrySet()) {
            if (!features.contains(feature.getKey())) {
                configure.addAll(feature.getValue().without());
                lacks.add(feature.getValue().summary());
            }
        }
        return new Variant(name, profile, List.copyOf(features), shell, List.copyOf(packages), components, configure,
                lacks);
    }

    private static String known(String kind, String name, Collection<String> names) {
        if (names.contains(name)) {
            return name;
        }
        String nearest = names.stream().min(Comparator.comparingInt(it -> Recipes.distance(it, name))).orElse("");
        throw BuildException.usage("find the %s '%s'".formatted(kind, name),
                names.isEmpty() ? "there are none" : "there are " + String.join(", ", names),
                nearest.isEmpty() ? "leave it out" : "did you mean '%s'?".formatted(nearest));
    }
}
