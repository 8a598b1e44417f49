package zship.flist.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A folder that others write to while it is looked through, such as a store's. What is gone when it would be looked at is passed
 * over; {@link Files#walk} and {@link Files#find} end with an error there.
 */
public final class ChangingTree {
    private ChangingTree() {
    }

    /** What is told of each file and folder. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param path       where it is
         * @param attributes what it was when it was looked at
         * @throws NoSuchFileException when it is gone by now, which is no error
         * @throws IOException         when the walk has to end
         */
        void visit(Path path, BasicFileAttributes attributes) throws IOException;
    }

    /**
     * Tells of all that a folder holds, the folder itself first, folders before what is in them.
     *
     * @param folder  where to begin
     * @param depth   how many steps to go down
     * @param visitor who is told
     * @param options whether links are followed
     * @throws IOException when the folder is missing, something in it is there and cannot be read, or what the visitor throws
     */
    public static void visit(Path folder, int depth, Visitor visitor, FileVisitOption... options) throws IOException {
        Files.walkFileTree(folder, Set.of(options), depth, new Tolerant(folder, visitor));
    }

    /**
     * What is in a folder, in no order; some of it may be gone by now.
     *
     * @throws NoSuchFileException when the folder is gone, also when it went while it was read
     */
    public static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(children::add);
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return children;
    }

    private static final class Tolerant extends SimpleFileVisitor<Path> {
        private final Path top;
        private final Visitor visitor;

        Tolerant(Path top, Visitor visitor) {
            this.top = top;
            this.visitor = visitor;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            return visitFile(directory, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            try {
                visitor.visit(file, attributes);
                return FileVisitResult.CONTINUE;
            } catch (NoSuchFileException gone) {
                return visitFileFailed(file, gone);
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            return passOver(file, why);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) throws IOException {
            return why == null ? FileVisitResult.CONTINUE : passOver(directory, why);
        }

        private FileVisitResult passOver(Path path, IOException why) throws IOException {
            if (why instanceof NoSuchFileException && !path.equals(top)) {
                return FileVisitResult.CONTINUE;
            }
            throw why;
        }
    }
}
