package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import zship.localnode.process.PrivateFiles;
import zship.localnode.process.Tool;

/** The folder of one container: its record, its writable layer, its root where that is mounted, output of its programs. */
record ContainerDirectory(Path path) {

    Path root() {
        return path.resolve("root");
    }

    /** Output of running commands. */
    Path jobs() {
        return path.resolve("jobs");
    }

    /** Output of services, kept as long as the container. */
    Path logs() {
        return path.resolve("logs");
    }

    Optional<ContainerRecord> read() {
        try {
            return ContainerRecord.parse(Files.readString(path.resolve("container.json")));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    void write(ContainerRecord record) throws IOException {
        PrivateFiles.write(path.resolve("container.json"), record.toJson());
    }

    void create() throws IOException {
        PrivateFiles.createDirectories(path);
        PrivateFiles.createDirectories(jobs());
        PrivateFiles.createDirectories(logs());
        for (String name : new String[]{"upper", "work", "root"}) {
            Files.createDirectory(path.resolve(name));
        }
    }

    /** A new writable layer over the flist that is mounted as the given one of several. */
    Path layer(int number) throws IOException {
        Path layer = path.resolve("mount-" + number);
        PrivateFiles.createDirectories(layer.resolve("upper"));
        PrivateFiles.createDirectories(layer.resolve("work"));
        return layer;
    }

    /**
     * Mounts the root: a writable layer over an unpacked flist. Names are relative, so no character of the state folder's path
     * can be taken for a separator of the options.
     */
    void mount(Toolbox tools, Path tree) throws IOException, InterruptedException {
        Path upper = path.resolve("upper");
        Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(tree));
        String lower = path.relativize(tree).toString();
        tools.runIn(path, "mount", "-t", "overlay", "overlay", "-o",
                String.join(",", tools.overlay(lower, "upper", "work")), "root");
    }

    /** Takes the root off and removes the folder; nothing is removed while something is mounted. */
    void remove(Toolbox tools) throws IOException, InterruptedException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.exists(root())) {
            unmount(tools);
        }
        PrivateFiles.deleteTree(path);
    }

    private void unmount(Toolbox tools) throws IOException, InterruptedException {
        while (tools.attempt("mountpoint", "-q", root().toString()).succeeded()) {
            if (!tools.attempt("umount", root().toString()).succeeded()) {
                Tool.Outcome lazy = tools.attempt("umount", "-l", root().toString());
                if (!lazy.succeeded()) {
                    throw new IOException("umount failed: " + lazy.output());
                }
            }
        }
    }
}
