package zship.localnode.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import zship.localnode.files.RootedFiles;

/**
 * The files of a root that say what a container does by itself. One that cannot be used is logged; the container is up without
 * what it says, as on a node.
 */
final class StartupFiles {

    private static final System.Logger LOG = System.getLogger(StartupFiles.class.getName());

    private final int container;
    private final RootedFiles files;
    private final Map<String, String> environment;
    private final Map<String, String> kernel;

    StartupFiles(int container, RootedFiles files, Map<String, String> environment, Map<String, String> kernel) {
        this.container = container;
        this.files = files;
        this.environment = environment;
        this.kernel = kernel;
    }

    private interface Reader<T> {
        List<T> read(String text) throws StartupException;
    }

    /** The services of {@code /.startup.toml}. */
    List<Service> services() {
        return read("/.startup.toml", new StartupFile(environment, kernel)::read);
    }

    /** The commands of {@code /.plugin.toml}. */
    List<PluginFile.Plugin> plugins() {
        return read("/.plugin.toml", PluginFile::read);
    }

    private <T> List<T> read(String name, Reader<T> reader) {
        try {
            return reader.read(files.visit(name, StartupFiles::text));
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (StartupException | IOException unusable) {
            LOG.log(System.Logger.Level.WARNING, "container {0}: {1} is rejected: {2}", Integer.toString(container),
                    name, unusable.getMessage());
            return List.of();
        }
    }

    private static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(StartupFile.LARGEST + 1);
            if (text.length > StartupFile.LARGEST) {
                throw new IOException("it is larger than " + StartupFile.LARGEST + " bytes");
            }
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
