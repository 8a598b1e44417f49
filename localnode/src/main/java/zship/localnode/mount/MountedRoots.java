package zship.localnode.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.mount.ChunkCache;
import zship.flist.mount.FlistMount;
import zship.flist.mount.MountStatus;
import zship.flist.store.ChunkStores;
import zship.flist.store.DeferredStore;
import zship.flist.store.StoreException;
import zship.flist.store.StoreUrl;

/** The mounts that this process serves, each under a name. */
public final class MountedRoots {
    private static final System.Logger LOG = System.getLogger("zship.localnode.mount");

    private final Map<String, Served> mounts = new ConcurrentHashMap<>();
    private final ChunkCache cache;

    /** A mounted flist and the store that its chunks come from. */
    private record Served(FlistMount mount, DeferredStore store) {
        /** Unmounts; the store is closed when nobody reads from the mount any more, which may be later. */
        void end() {
            mount.close();
            Thread.ofVirtual().name("end of a store").start(() -> {
                try {
                    mount.awaitEnd();
                    store.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /**
     * None yet.
     *
     * @param cache keeps the chunks that were fetched
     */
    public MountedRoots(ChunkCache cache) {
        this.cache = cache;
    }

    /** Mounts one, unless that was done before; the answer says {@code refused} with the reason when it cannot be. */
    public synchronized JsonNode mount(JsonNode question) {
        String name = question.path("name").asString("");
        try {
            if (!mounts.containsKey(name)) {
                mount(name, question);
            }
            return answer();
        } catch (FlistException e) {
            boolean damaged = e.kind() == FlistException.Kind.DAMAGED || e.kind() == FlistException.Kind.NOT_FOUND;
            return answer().put("refused", e.what() + ": " + e.why()).put("damaged", damaged);
        } catch (StoreException e) {
            return answer().put("refused", e.what() + ": " + e.why()).put("damaged", true);
        }
    }

    private void mount(String name, JsonNode question) {
        Path file = Path.of(question.path("flist").asString());
        Flist flist = Flist.open(file);
        DeferredStore store = ChunkStores.ofFlist(flist.router(), file, StoreUrl.of(question.path("store").asString()),
                fault -> LOG.log(System.Logger.Level.WARNING, "{0}: {1}", name, fault.text()));
        FlistMount mount = FlistMount.open(flist, "zship", Path.of(question.path("target").asString()), store, cache);
        mounts.put(name, new Served(mount, store));
        if (question.path("prefetch").asBoolean(false)) {
            mount.prefetch();
        }
        LOG.log(System.Logger.Level.INFO, "{0} is mounted", mount.target());
    }

    /** How much of one is on this machine; nothing when it is not mounted. */
    public JsonNode status(JsonNode question) {
        Served served = mounts.get(question.path("name").asString(""));
        if (served == null) {
            return answer();
        }
        MountStatus status = served.mount().status();
        return answer().put("chunks", status.chunks()).put("present", status.present()).put("bytes", status.bytes())
                .put("presentBytes", status.presentBytes()).put("fetched", status.fetched())
                .put("fetchedBytes", status.fetchedBytes());
    }

    /** Unmounts one. */
    public JsonNode unmount(JsonNode question) {
        unmount(question.path("name").asString(""));
        return answer();
    }

    private synchronized void unmount(String name) {
        Served served = mounts.remove(name);
        if (served != null) {
            served.end();
        }
    }

    /** Unmounts all. */
    public void unmountAll() {
        mounts.keySet().forEach(this::unmount);
    }

    /** Whether an overlay lies over one of them. */
    public boolean areUsed() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .filter(line -> line.startsWith("overlay "))
                    .anyMatch(line -> mounts.keySet().stream().anyMatch(line::contains));
        } catch (IOException e) {
            return true;
        }
    }

    private static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }
}
