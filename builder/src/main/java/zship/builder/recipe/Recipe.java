package zship.builder.recipe;

import java.util.List;

/**
 * A recipe: what its file says, and the files that belong to it.
 *
 * @param definition what the recipe file says
 * @param files the files that it refers to
 */
public record Recipe(RecipeDefinition definition, RecipeFiles files) {

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
