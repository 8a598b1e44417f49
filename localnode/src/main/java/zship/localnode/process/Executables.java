package zship.localnode.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finding programs the way a Zero-OS node does. */
public final class Executables {

    /** Turns an absolute path as the program sees it into the file on this machine. */
    @FunctionalInterface
    public interface Resolver {
        /** Empty when there is no such file. */
        Optional<Path> resolve(String path);
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
    public static String find(String name, String path, Resolver resolver) throws SpawnException {
        if (!name.contains("/")) {
            for (String directory : path.split(":")) {
                String candidate = (directory.isEmpty() ? "." : directory) + "/" + name;
                if (!name.isEmpty() && resolver.resolve(candidate).filter(Executables::isExecutable).isPresent()) {
                    return candidate;
                }
            }
            throw SpawnException.notFound(name);
        }
        Path file = resolver.resolve(name).orElseThrow(() -> SpawnException.notFound(name));
        if (!isExecutable(file)) {
            throw SpawnException.failed(name, "permission denied");
        }
        if (!isProgram(file)) {
            throw SpawnException.failed(name, "exec format error");
        }
        return name;
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
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
