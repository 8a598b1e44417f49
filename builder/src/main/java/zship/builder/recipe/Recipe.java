package zship.builder.recipe;

import java.util.List;

/**
 * A recipe: what its file says, the way it is to be built, and the files that belong to it.
 *
 * @param definition what the recipe file says
 * @param variant the way it is to be built
 * @param files the files that it refers to
 */
public record Recipe(RecipeDefinition definition, Variant variant, RecipeFiles files) {

    /** Returns a recipe that is built in its default way. */
    public static Recipe of(RecipeDefinition definition, RecipeFiles files) {
        return new Recipe(definition, Variant.of(definition, Selection.defaults()), files);
    }

    /**
     * Returns this recipe, built in the way that was chosen.
     *
     * @throws zship.builder.BuildException of kind USAGE when it knows no such profile, feature or shell
     */
    public Recipe with(Selection selection) {
        return new Recipe(definition, Variant.of(definition, selection), files);
    }

    /** Returns the name the recipe is asked for by. */
    public String name() {
        return definition.name();
    }

    /** Returns the version of what is built. */
    public String version() {
        return definition.version();
    }

    /** Returns one line that says what it is. */
    public String summary() {
        return definition.summary();
    }

    /** Returns the TCP port that the service listens on. */
    public int port() {
        return definition.health().port();
    }

    /** Returns the path that answers 200 when the service is healthy. */
    public String healthPath() {
        return definition.health().path();
    }

    /** Returns the environment variables that must be given a secret when the result is deployed. */
    public List<String> secrets() {
        return definition.secrets();
    }
}
