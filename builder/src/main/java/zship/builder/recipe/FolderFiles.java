package zship.builder.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The files beside a recipe file. Nothing outside their folder is read, not even by way of a link.
 *
 * @param folder the folder of the recipe file
 */
record FolderFiles(Path folder) implements RecipeFiles {

    private static final long MAX_BYTES = 16L << 20;

    @Override
    public byte[] read(String name) throws IOException {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "it is no file in the recipe's folder");
        }
        if (!file.toRealPath().startsWith(folder.toRealPath())) {
            throw new NoSuchFileException(file.toString(), null, "it is a link that leaves the recipe's folder");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("%s has more than %d bytes".formatted(file, MAX_BYTES));
        }
        return Files.readAllBytes(file);
    }
}
