package zship.builder.recipe;

import java.io.IOException;

/** The files that belong to a recipe: patches, launcher sources, files to copy. */
@FunctionalInterface
public interface RecipeFiles {

    /** Returns the content of the file {@code name}, a path relative to the recipe's folder. */
    byte[] read(String name) throws IOException;
}
