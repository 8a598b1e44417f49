package zship.localnode.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

import zship.localnode.files.RootedFiles;
import zship.localnode.job.Arguments;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * The command {@code corex.flist-layer}: one more flist over the root of a running container. Its files are copied into the
 * writable layer; those of the layer before it go, and files of the root that they hid come back.
 */
final class LayerCommand {

    private final Containers containers;

    LayerCommand(Containers containers) {
        this.containers = containers;
    }

    JsonNode run(Arguments given) throws CommandException, InterruptedException {
        Arguments arguments = given.as("ContainerFListLayer", CommandException.BAD_REQUEST);
        Container container = containers.existing(arguments);
        try {
            Roots.Root layer = containers.node().roots().obtain(arguments.text("flist"),
                    container.arguments().storage());
            container.layering().lockInterruptibly();
            try {
                uncover(container);
                container.update(record -> record.withLayer(layer.sha256()));
                copy(layer.tree(), container.files());
            } finally {
                container.layering().unlock();
            }
        } catch (RootException refused) {
            throw new CommandException(CommandException.FAILED, refused.reason());
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        return GoJson.nodes().nullNode();
    }

    private void uncover(Container container) throws IOException {
        Optional<Path> before = containers.node().roots().tree(container.record().live().layer());
        Optional<Path> root = containers.node().roots().tree(container.record().root());
        if (before.isEmpty() || root.isEmpty()) {
            return;
        }
        RootedFiles files = container.files();
        Files.walkFileTree(before.get(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                String name = "/" + before.get().relativize(file);
                files.remove(name);
                Path hidden = root.get().resolve(before.get().relativize(file));
                if (Files.exists(hidden, LinkOption.NOFOLLOW_LINKS)) {
                    files.copyIn(hidden, name);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void copy(Path tree, RootedFiles files) throws IOException {
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes facts) throws IOException {
                String name = "/" + tree.relativize(directory);
                if (!directory.equals(tree) && !files.exists(name)) {
                    files.makeDirectories(name);
                    files.copyAttributes(directory, name);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                files.copyIn(file, "/" + tree.relativize(file));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
