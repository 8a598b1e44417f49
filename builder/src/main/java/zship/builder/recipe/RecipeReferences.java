package zship.builder.recipe;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import zship.builder.recipe.RecipeDefinition.Component;
import zship.builder.recipe.RecipeDefinition.Parts;
import zship.builder.recipe.RecipeDefinition.Profile;
import zship.builder.recipe.RecipeShape.Fault;

/**
 * Holds the names by which parts of a recipe refer to each other against the parts that there are. A name that is
 * misspelt would otherwise leave out what it stands for, and the build would fail much later or lack it.
 */
final class RecipeReferences {

    private final RecipeDefinition recipe;
    private final List<String> components;
    private final List<Fault> faults = new ArrayList<>();

    private RecipeReferences(RecipeDefinition recipe) {
        this.recipe = recipe;
        this.components = recipe.components().stream().map(Component::name).toList();
    }

    /** Returns the first name that refers to nothing. */
    static Optional<Fault> fault(RecipeDefinition recipe) {
        RecipeReferences references = new RecipeReferences(recipe);
        references.check();
        return references.faults.stream().findFirst();
    }

    private void check() {
        for (int i = 0; i < components.size(); i++) {
            component(recipe.components().get(i), i);
        }
        for (int i = 0; i < recipe.health().logins().size(); i++) {
            known("secret", recipe.health().logins().get(i).secret(), recipe.secrets(),
                    List.of("health", "logins", String.valueOf(i), "secret"));
        }
        known("profile", recipe.defaultProfile(), recipe.profiles().keySet(), List.of("default-profile"));
        recipe.profiles().forEach((name, profile) -> profile(profile, List.of("profiles", name)));
        recipe.shells().forEach((name, shell) -> parts(shell, List.of("shells", name)));
    }

    private void profile(Profile profile, List<String> path) {
        components(profile.components(), path);
        for (Map.Entry<String, Parts> feature : profile.features().entrySet()) {
            List<String> at = below(below(path, "features"), feature.getKey());
            known("feature", feature.getKey(), recipe.features().keySet(), at);
            parts(feature.getValue(), at);
        }
        for (String feature : profile.defaultFeatures()) {
            known("feature of the profile", feature, profile.features().keySet(), below(path, "default-features"));
        }
        Set<String> shells = new TreeSet<>(recipe.shells().keySet());
        shells.add(Variant.NO_SHELL);
        known("shell", profile.defaultShell(), shells, below(path, "default-shell"));
    }

    private void parts(Parts parts, List<String> path) {
        components(parts.components(), path);
    }

    private void components(List<String> names, List<String> path) {
        names.forEach(name -> known("component", name, components, below(path, "components")));
    }

    /** Components are built in the order in which they are listed. */
    private void component(Component component, int index) {
        List<String> path = List.of("components", String.valueOf(index));
        List<String> earlier = components.subList(0, index);
        if (earlier.contains(component.name())) {
            add(below(path, "name"), "there is already a component '%s'".formatted(component.name()),
                    "give each component a name of its own");
        }
        for (String needed : component.needs()) {
            List<String> at = below(path, "needs");
            if (components.contains(needed) && !earlier.contains(needed)) {
                add(at, "the component '%s' needs '%s', which is not listed before it".formatted(component.name(),
                        needed), "list the component '%s' before '%s'".formatted(needed, component.name()));
            } else {
                known("component", needed, components, at);
            }
        }
    }

    private void known(String kind, String name, Collection<String> names, List<String> path) {
        if (!names.contains(name)) {
            add(path, "unknown %s '%s'".formatted(kind, name),
                    names.stream().min(Comparator.comparingInt(it -> Recipes.distance(it, name)))
                            .map("did you mean '%s'?"::formatted).orElse("there is none: leave it out"));
        }
    }

    private void add(List<String> path, String why, String hint) {
        faults.add(new Fault(path, why, Optional.of(hint)));
    }

    private static List<String> below(List<String> path, String key) {
        List<String> all = new ArrayList<>(path);
        all.add(key);
        return List.copyOf(all);
    }
}
