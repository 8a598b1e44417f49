package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import tools.jackson.databind.JsonNode;

import zship.flist.FlistException;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
import zship.localnode.files.RootedFiles;
import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/**
 * Commands that keep what is in a container: {@code corex.flist.create} works, {@code corex.backup}, {@code corex.restore} and
 * {@code corex.zerotier.*} fail as on a node that lacks the programs they need (texts measured on 0-core).
 */
final class ArchiveCommands {

    private final Containers containers;
    /** Held while containers stand still: what one job stopped is not for another to let go on. */
    private final ReentrantLock packing = new ReentrantLock();

    ArchiveCommands(Containers containers) {
        this.containers = containers;
    }

    Map<String, Builtin> all() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("corex.flist.create", this::createFlist);
        all.put("corex.backup", this::backup);
        all.put("corex.restore", arguments -> {
            arguments.text("url");
            throw failed("failed to restore snapshot: ");
        });
        all.put("corex.zerotier.info", this::zerotier);
        all.put("corex.zerotier.list", this::zerotier);
        return all;
    }

    private Container container(Arguments arguments) throws CommandException {
        int id = Containers.id(arguments);
        if (id == 0) {
            throw failed("invalid container id");
        }
        return containers.find(id).orElseThrow(() -> failed("container does not exist"));
    }

    private JsonNode createFlist(Arguments given) throws CommandException, InterruptedException {
        Arguments arguments = given.as("createArgs", CommandException.FAILED);
        if (Containers.id(arguments) == 0) {
            throw failed("invalid container id");
        }
        String flist = required(arguments, "flist", "flist destination need to be specified");
        String storage = required(arguments, "storage", "flist data storage need to be specified");
        String source = required(arguments, "src", "source directory need to be specified");
        if (!arguments.text("hub").isEmpty()) {
            throw failed(arguments.text("token").isEmpty()
                    ? "if hub url is provided, token can not be empty"
                    : "the local node does not upload: publish " + flist + " afterwards");
        }
        Container container = container(arguments);
        try {
            return GoJson.nodes().stringNode(pack(container, source, storage, Path.of(flist)));
        } catch (IOException broken) {
            throw failed(String.valueOf(broken.getMessage()));
        } catch (FlistException refused) {
            throw failed(refused.what() + ": " + refused.why());
        } catch (StoreException refused) {
            throw failed(refused.what() + ": " + refused.why());
        }
    }

    private static String required(Arguments arguments, String name, String complaint) throws CommandException {
        String value = arguments.text(name);
        if (value.isEmpty()) {
            throw failed(complaint);
        }
        return value;
    }

    /**
     * The container stands still meanwhile, so nothing changes under the reader. What is mounted below the source is left out, as
     * {@code /proc} must be; but a source may be in a mount.
     */
    private String pack(Container container, String source, String storage, Path flist)
            throws CommandException, IOException, InterruptedException {
        packing.lockInterruptibly();
        try (Standstill still = Standstill.of(containers.node(), List.of(container))) {
            if (isMounted(container.files(), source)) {
                return packMounted(container, source, storage, flist);
            }
            Path tree = new RootTree(container.directory().root()).resolve(source).filter(Files::isDirectory)
                    .orElseThrow(() -> new NoSuchFileException(source));
            return pack(tree, storage, flist);
        } catch (NoSuchFileException missing) {
            throw failed("stat " + source + ": no such file or directory");
        } finally {
            packing.unlock();
        }
    }

    private static boolean isMounted(RootedFiles files, String directory) throws IOException {
        return !files.visit(directory, ArchiveCommands::fileSystem).equals(
                files.visit("/", ArchiveCommands::fileSystem));
    }

    private static Object fileSystem(Path directory) throws IOException {
        return Files.getAttribute(directory, "unix:dev");
    }

    /** Those that could change the mount from the other side stand still too: a link made now would lead the reader astray. */
    private String packMounted(Container container, String source, String storage, Path flist)
            throws IOException, InterruptedException {
        List<Container> others = containers.list().stream()
                .filter(other -> other != container && other.isRunning()
                        && other.arguments().sharesMountWith(container.arguments()))
                .toList();
        try (Standstill still = Standstill.of(containers.node(), others)) {
            return container.files().visit(source, tree -> {
                if (!Files.isDirectory(tree)) {
                    throw new NoSuchFileException(source);
                }
                return pack(tree, storage, flist);
            });
        }
    }

    private static String pack(Path tree, String storage, Path flist) {
        StoreUrl url = StoreUrl.of(storage.contains("://") ? storage : "zdb://" + storage);
        try (ChunkStore store = ChunkStores.open(url)) {
            new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        }
        return flist.toString();
    }

    private JsonNode backup(Arguments given) throws CommandException {
        Container container = container(given.as("backupArgs", CommandException.FAILED));
        if (!container.isRunning()) {
            throw failed("container is not fully started yet");
        }
        throw failed("failed to backup container: ");
    }

    private JsonNode zerotier(Arguments given) throws CommandException {
        container(given.as("zerotierArgs", CommandException.FAILED));
        throw new CommandException(Forwards.TOOL_FAILED,
                "(ERROR): [ exec of \"zerotier-cli\" failed: No such file or directory\n]");
    }

    private static CommandException failed(String text) {
        return new CommandException(CommandException.FAILED, text);
    }
}
