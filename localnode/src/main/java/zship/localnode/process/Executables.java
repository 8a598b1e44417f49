package zship.localnode.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finding programs the way a Zero-OS node does. */
public final class Executables {

    /** Looks where a program would look. */
    @FunctionalInterface
    public interface Look {
        /** What a path of the program leads to. */
        Found at(String path);
    }

    /** What a path leads to, as far as running it goes. */
    public enum Found {
        /** Nothing. */
        NOTHING,
        /** Something that nobody may run: a directory, a device, a file without that permission. */
        NOT_EXECUTABLE,
        /** A file that may be run, but has neither a program nor a script in it. */
        NO_PROGRAM,
        /** A program or a script. */
        PROGRAM;

        /** What there is at a place of this machine; links are followed. */
        public static Found of(Path file) {
            if (!Files.exists(file)) {
                return NOTHING;
            }
            if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
                return NOT_EXECUTABLE;
            }
            return isProgram(file) ? PROGRAM : NO_PROGRAM;
        }

        boolean mayBeRun() {
            return this == PROGRAM || this == NO_PROGRAM;
        }
    }

    private Executables() {
    }

    /**
     * The absolute path of a program.
     *
     * @param  name           as given; with a slash it is a path, relative to the root directory
     * @param  path           value of PATH
     * @throws SpawnException when there is none or it cannot be executed
     */
    public static String find(String name, String path, Look look) throws SpawnException {
        if (!name.contains("/")) {
            for (String directory : path.split(":")) {
                String candidate = (directory.isEmpty() ? "." : directory) + "/" + name;
                if (!name.isEmpty() && look.at(candidate).mayBeRun()) {
                    return candidate;
                }
            }
            throw SpawnException.notFound(name);
        }
        return switch (look.at(name)) {
            case NOTHING -> throw SpawnException.notFound(name);
            case NOT_EXECUTABLE -> throw SpawnException.failed(name, "permission denied");
            case NO_PROGRAM -> throw SpawnException.failed(name, "exec format error");
            case PROGRAM -> name;
        };
    }

    /** ELF files and scripts; the kernel refuses anything else. */
    private static boolean isProgram(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(4);
            boolean elf = head.length == 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
            boolean script = head.length >= 2 && head[0] == '#' && head[1] == '!';
            return elf || script;
        } catch (IOException unreadable) {
            return true;
        }
    }
}
