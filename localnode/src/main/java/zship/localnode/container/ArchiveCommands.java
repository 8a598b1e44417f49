package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.JsonNode;

import zship.flist.FlistException;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;
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

    /** The container stands still meanwhile, so nothing changes under the reader. */
    private String pack(Container container, String source, String storage, Path flist)
            throws CommandException, IOException, InterruptedException {
        NodeParts node = containers.node();
        try (Standstill still = Standstill.of(node, container)) {
            return container.files().visit(source, tree -> {
                if (!Files.isDirectory(tree)) {
                    throw new NoSuchFileException(source);
                }
                StoreUrl url = StoreUrl.of(storage.contains("://") ? storage : "zdb://" + storage);
                try (ChunkStore store = ChunkStores.open(url)) {
                    new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
                }
                return flist.toString();
            });
        } catch (NoSuchFileException missing) {
            throw failed("stat " + source + ": no such file or directory");
        }
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
