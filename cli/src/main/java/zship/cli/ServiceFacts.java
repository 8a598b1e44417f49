package zship.cli;

import java.util.List;

import zship.builder.recipe.Recipe;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.recipe.Recipes;

/**
 * What is known of the service in a container.
 *
 * @param recipe the recipe it was made of, empty when not known
 * @param ports the ports it listens on
 * @param secrets the variables that must be secrets
 * @param healthPath the path that answers 200, empty when not known
 * @param services its start-up services
 */
record ServiceFacts(String recipe, List<Integer> ports, List<String> secrets, String healthPath,
        List<String> services) {
    private static final String ICECAST = "icecast";

    static ServiceFacts of(Recipe recipe) {
        return new ServiceFacts(recipe.name(), List.of(recipe.port()), recipe.secrets(), recipe.healthPath(),
                recipe.definition().services().stream().map(RecipeDefinition.Service::name).toList());
    }

    /** The facts of a built-in recipe by its name; of another one only its name is known. */
    static ServiceFacts named(String recipe) {
        return Recipes.names().contains(recipe)
                ? of(Recipes.builtIn(recipe))
                : new ServiceFacts(recipe, List.of(), List.of(), "", List.of());
    }

    boolean icecast() {
        return recipe.equals(ICECAST);
    }
}
