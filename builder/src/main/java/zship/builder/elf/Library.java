package zship.builder.elf;

import java.nio.file.Path;

/**
 * A shared library, or a loader, that a program needs.
 *
 * @param name the name that it was asked for by
 * @param file where it was found, links followed
 * @param destination where it belongs in a root, without a leading slash
 * @param loader whether it is the loader that a program names, which the kernel executes
 * @param neededBy name of the first file that asked for it
 */
public record Library(String name, Path file, String destination, boolean loader, String neededBy) {
}
