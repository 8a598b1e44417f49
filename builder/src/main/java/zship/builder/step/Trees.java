package zship.builder.step;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** Copies and deletes folders with all they hold; links are never followed. */
final class Trees {

    private Trees() {
    }

    /**
     * Copies all that {@code source} holds into {@code target}, with modes and times.
     *
     * @throws FileAlreadyExistsException when a file is in both, or a directory where the other has a link
     */
    static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path made = target.resolve(source.relativize(folder));
                if (!folder.equals(source) && Files.isSymbolicLink(made)) {
                    throw new FileAlreadyExistsException(made.toString(), null,
                            made + " is a link where a directory is to be");
                }
                Files.createDirectories(made);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(source.relativize(file)), LinkOption.NOFOLLOW_LINKS,
                        StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Deletes what {@code path} is in {@code tree}, when it is there.
     *
     * @throws FileSystemException when a link is on the way to it: it may lead out of the tree
     */
    static void delete(Path tree, String path) throws IOException {
        Path current = tree;
        for (Path part : Path.of(path)) {
            if (!current.equals(tree) && Files.isSymbolicLink(current)) {
                throw new FileSystemException(current.toString(), null,
                        "a link is on the way to " + path + ": " + tree.relativize(current));
            }
            current = current.resolve(part);
        }
        delete(current);
    }

    /**
     * Puts a file into {@code tree}, in the place of what has its path there, with the directories it needs.
     *
     * @throws FileSystemException when a link is on the way to it: it may lead out of the tree
     */
    static void replace(Path tree, String path, byte[] content) throws IOException {
        delete(tree, path);
        Path file = tree.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, content, StandardOpenOption.CREATE_NEW);
    }

    /** Deletes {@code folder}, or a file of that name, when it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
