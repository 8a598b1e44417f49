package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Something mounted in a container besides its root.
 *
 * @param target  path in the container
 * @param type    type of the runtime's specification, {@code none} for a bind mount
 * @param source  where it comes from
 * @param options options of the mount
 */
record ContainerMount(String target, String type, String source, List<String> options) {

    /** A file or folder of this machine. */
    static ContainerMount bound(Path source, String target, boolean readOnly) {
        return new ContainerMount(target, "none", source.toString(), List.of("rbind", readOnly ? "ro" : "rw"));
    }

    /**
     * The files of an flist with a writable layer of the container over them. Where the path of the state folder has a character
     * that separates mount options, they can only be read.
     */
    static ContainerMount layered(Toolbox tools, Path tree, Path layer, String target) throws IOException {
        if (tree.toString().matches(".*[,:\\\\].*") || layer.toString().matches(".*[,:\\\\].*")) {
            return bound(tree, target, true);
        }
        Files.setPosixFilePermissions(layer.resolve("upper"), Files.getPosixFilePermissions(tree));
        return new ContainerMount(target, "overlay", "overlay", tools.overlay(tree.toString(),
                layer.resolve("upper").toString(), layer.resolve("work").toString()));
    }
}
