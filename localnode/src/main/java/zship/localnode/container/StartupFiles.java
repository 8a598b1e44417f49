package zship.localnode.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a root that say what a container does by itself. One that cannot be used is logged; the container is up without
 * what it says, as on a node.
 */
final class StartupFiles {

    private static final System.Logger LOG = System.getLogger(StartupFiles.class.getName());

    private final int container;
    private final RootTree tree;
    private final Map<String, String> environment;
    private final Map<String, String> kernel;

    StartupFiles(int container, RootTree tree, Map<String, String> environment, Map<String, String> kernel) {
        this.container = container;
        this.tree = tree;
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
        Optional<Path> file = tree.resolve(name).filter(Files::isRegularFile);
        if (file.isEmpty()) {
            return List.of();
        }
        try {
            if (Files.size(file.get()) > StartupFile.LARGEST) {
                throw new StartupException("it is larger than " + StartupFile.LARGEST + " bytes");
            }
            return reader.read(new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8));
        } catch (StartupException | IOException unusable) {
            LOG.log(System.Logger.Level.WARNING, "container {0}: {1} is rejected: {2}", Integer.toString(container),
                    name, unusable.getMessage());
            return List.of();
        }
    }
}
