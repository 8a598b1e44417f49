package zship.builder.recipe;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import zship.builder.BuildException;

/** The recipes that come with the program, and those in files. */
public final class Recipes {

    private static final List<String> BUILT_IN = List.of("icecast");
    private static final String DEFINITION = "recipe.toml";

    private Recipes() {
    }

    /** Returns the names of the built-in recipes. */
    public static List<String> names() {
        return BUILT_IN;
    }

    /**
     * Returns the built-in recipe {@code name}.
     *
     * @throws BuildException of kind USAGE when there is none, with the nearest name and the list
     */
    public static Recipe builtIn(String name) {
        return builtIn(name, List.of());
    }

    /**
     * Returns a recipe: one of the built-in ones, or that of a file.
     *
     * @param named a built-in name, or a path: a recipe file, or a folder with {@code recipe.toml}
     * @param changes values that replace those of the file
     * @throws BuildException of kind USAGE when there is none, or when something in the file is wrong
     */
    public static Recipe find(String named, List<RecipeChange> changes) {
        boolean path = isPath(named) || !BUILT_IN.contains(named) && Files.exists(Path.of(named));
        return path ? read(Path.of(named), changes) : builtIn(named, changes);
    }

    /** Tells whether a recipe is asked for by a path and not by a name. */
    public static boolean isPath(String named) {
        return named.contains("/") || named.endsWith(".toml");
    }

    private static Recipe read(Path named, List<RecipeChange> changes) {
        Path file = (Files.isDirectory(named) ? named.resolve(DEFINITION) : named).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw BuildException.usage("find the recipe " + file, "there is no such file",
                    "name a recipe file, or one of the built-in recipes: " + String.join(", ", BUILT_IN));
        }
        try (InputStream in = Files.newInputStream(file)) {
            RecipeFiles files = new FolderFiles(Objects.requireNonNull(file.getParent()));
            return Recipe.of(RecipeReader.read(in.readNBytes(RecipeReader.MAX_BYTES + 1), file.toString(), changes),
                    files);
        } catch (IOException e) {
            throw new BuildException(BuildException.Kind.USAGE, "read recipe " + file, String.valueOf(e.getMessage()),
                    "name a file that can be read", e);
        }
    }

    private static Recipe builtIn(String name, List<RecipeChange> changes) {
        if (!BUILT_IN.contains(name)) {
            String nearest = BUILT_IN.stream().min(Comparator.comparingInt(known -> distance(known, name)))
                    .orElseThrow();
            throw BuildException.usage("find recipe '%s'".formatted(name),
                    "built-in recipes: " + String.join(", ", BUILT_IN), "zship build " + nearest);
        }
        RecipeFiles files = file -> readResource(name, file);
        return Recipe.of(RecipeReader.read(readDefinition(files), name, changes), files);
    }

    private static byte[] readDefinition(RecipeFiles files) {
        try {
            return files.read(DEFINITION);
        } catch (IOException e) {
            throw new UncheckedIOException("a built-in recipe cannot be read", e);
        }
    }

    private static byte[] readResource(String recipe, String file) throws IOException {
        try (InputStream in = Recipes.class.getResourceAsStream(recipe + "/" + file)) {
            if (in == null) {
                throw new FileNotFoundException("recipe %s has no file %s".formatted(recipe, file));
            }
            return in.readAllBytes();
        }
    }

    /** Counts the letters to insert, delete or replace to turn one text into the other (Levenshtein). */
    public static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replace = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
