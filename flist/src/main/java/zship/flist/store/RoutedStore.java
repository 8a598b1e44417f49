package zship.flist.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;

/**
 * Many servers behind a {@link Router}. Reading asks one replica after the other until one has the chunk unaltered; a replica
 * that fails or returns something else is reported and asked last from then on. Writing is done when every replica has the
 * chunk, and fails when one of them does.
 */
public final class RoutedStore implements ChunkStore {
    private final Router router;
    private final StoreUrl url;
    private final ReplicaFault.Listener listener;
    private final StorePatience patience;
    private final ConcurrentMap<StoreUrl.Server, ChunkStore> open = new ConcurrentHashMap<>();
    private final Set<StoreUrl.Server> failed = ConcurrentHashMap.newKeySet();

    /** What reading has found so far. */
    private static final class Search {
        private final Set<ChunkId> left;
        private final Map<ChunkId, byte[]> found = new HashMap<>();
        private final Map<ChunkId, byte[]> altered = new HashMap<>();
        private final Map<ChunkId, Set<StoreUrl.Server>> asked = new HashMap<>();
        private final Map<StoreUrl.Server, StoreException> failures = new LinkedHashMap<>();

        Search(Collection<ChunkId> ids) {
            this.left = new LinkedHashSet<>(ids);
        }
    }

    private RoutedStore(Router router, StoreUrl url, ReplicaFault.Listener listener, StorePatience patience) {
        this.router = router;
        this.url = url;
        this.listener = listener;
        this.patience = patience;
    }

    /**
     * The servers of {@code router} as one store. Servers are contacted when they are needed first.
     *
     * @param url where the router comes from, for messages
     */
    public static RoutedStore of(Router router, StoreUrl url, ReplicaFault.Listener listener) {
        return of(router, url, listener, StorePatience.USUAL);
    }

    /** The same, with how long to wait for each of them. */
    public static RoutedStore of(Router router, StoreUrl url, ReplicaFault.Listener listener, StorePatience patience) {
        return new RoutedStore(router, url, listener, patience);
    }

    @Override
    public Optional<byte[]> get(ChunkId id) {
        return Optional.ofNullable(getAll(List.of(id)).get(id));
    }

    /**
     * The chunks that some replica has.
     *
     * @throws StoreException when a chunk was not found and a replica that may have it cannot be reached
     */
    @Override
    public Map<ChunkId, byte[]> getAll(Collection<ChunkId> ids) {
        Search search = new Search(ids);
        for (Map<StoreUrl.Server, List<ChunkId>> round = next(search); !round.isEmpty(); round = next(search)) {
            round.forEach((server, wanted) -> ask(server, wanted, search));
        }
        for (ChunkId id : search.left) {
            byte[] altered = search.altered.get(id);
            if (altered != null) {
                // Whoever reads it finds out the same and names the file it belongs to.
                search.found.put(id, altered);
            } else {
                rethrow(id, search);
            }
        }
        return search.found;
    }

    @Override
    public void put(ChunkId id, byte[] data) {
        putAll(Map.of(id, data));
    }

    @Override
    public void putAll(Map<ChunkId, byte[]> chunks) {
        Map<StoreUrl.Server, Map<ChunkId, byte[]>> perServer = new LinkedHashMap<>();
        chunks.forEach((id, data) -> replicas(id)
                .forEach(server -> perServer.computeIfAbsent(server, key -> new HashMap<>()).put(id, data)));
        perServer.forEach((server, part) -> store(server).putAll(part));
    }

    /**
     * The chunks that no replica has.
     *
     * @throws StoreException when a chunk was not found and a replica that may have it cannot be reached
     */
    @Override
    public Set<ChunkId> missing(Collection<ChunkId> ids) {
        Search search = new Search(ids);
        for (Map<StoreUrl.Server, List<ChunkId>> round = next(search); !round.isEmpty(); round = next(search)) {
            round.forEach((server, wanted) -> attempt(server, search, () -> {
                Set<ChunkId> there = new LinkedHashSet<>(wanted);
                there.removeAll(store(server).missing(wanted));
                search.left.removeAll(there);
            }));
        }
        for (ChunkId id : search.left) {
            rethrow(id, search);
        }
        return search.left;
    }

    @Override
    public Set<ChunkId> incomplete(Collection<ChunkId> ids) {
        Map<StoreUrl.Server, List<ChunkId>> perServer = new LinkedHashMap<>();
        ids.forEach(id -> replicas(id)
                .forEach(server -> perServer.computeIfAbsent(server, key -> new ArrayList<>()).add(id)));
        Set<ChunkId> incomplete = new LinkedHashSet<>();
        perServer.forEach((server, wanted) -> incomplete.addAll(store(server).missing(wanted)));
        return incomplete;
    }

    @Override
    public int interruptions() {
        return open.values().stream().mapToInt(ChunkStore::interruptions).sum();
    }

    @Override
    public StoreUrl url() {
        return url;
    }

    @Override
    public void close() {
        open.values().forEach(ChunkStore::close);
        open.clear();
    }

    private List<StoreUrl.Server> replicas(ChunkId id) {
        List<StoreUrl.Server> replicas = router.replicas(id);
        if (replicas.isEmpty()) {
            throw new StoreException(StoreException.Kind.REFUSED, "write chunk " + id + " to " + url,
                    "no pool of its lookup has a range for this id", "let the ranges of every pool go from 00 to ff");
        }
        return replicas;
    }

    /** Who is asked next for what is left: for each chunk the first replica not yet asked, those that work before the others. */
    private Map<StoreUrl.Server, List<ChunkId>> next(Search search) {
        Map<StoreUrl.Server, List<ChunkId>> round = new LinkedHashMap<>();
        for (ChunkId id : search.left) {
            Set<StoreUrl.Server> asked = search.asked.computeIfAbsent(id, key -> new LinkedHashSet<>());
            List<StoreUrl.Server> open = router.replicas(id).stream().filter(server -> !asked.contains(server))
                    .toList();
            open.stream().filter(server -> !failed.contains(server)).findFirst().or(() -> open.stream().findFirst())
                    .ifPresent(server -> {
                        asked.add(server);
                        round.computeIfAbsent(server, key -> new ArrayList<>()).add(id);
                    });
        }
        return round;
    }

    private void ask(StoreUrl.Server server, List<ChunkId> wanted, Search search) {
        attempt(server, search, () -> store(server).getAll(wanted).forEach((id, data) -> {
            ChunkId actual = ChunkCodec.idOf(data);
            if (actual.equals(id)) {
                search.found.put(id, data);
                search.left.remove(id);
                fill(server, id, data);
            } else {
                search.altered.putIfAbsent(id, data);
                listener.on(new ReplicaFault(server, Optional.of(id), "its bytes hash to " + actual));
            }
        }));
    }

    private void attempt(StoreUrl.Server server, Search search, Runnable call) {
        boolean known = search.failures.containsKey(server);
        try {
            if (!known) {
                call.run();
                failed.remove(server);
            }
        } catch (StoreException e) {
            search.failures.put(server, e);
            if (failed.add(server)) {
                listener.on(new ReplicaFault(server, Optional.empty(), e.why()));
            }
        }
    }

    private void fill(StoreUrl.Server source, ChunkId id, byte[] data) {
        for (StoreUrl.Server cache : router.caches(id)) {
            boolean usable = !cache.equals(source) && !failed.contains(cache);
            try {
                if (usable) {
                    store(cache).put(id, data);
                }
            } catch (StoreException e) {
                if (failed.add(cache)) {
                    listener.on(new ReplicaFault(cache, Optional.empty(), e.why()));
                }
            }
        }
    }

    private ChunkStore store(StoreUrl.Server server) {
        return open.computeIfAbsent(server, key -> ZdbStore.connectReplica(key, patience));
    }

    /** A replica that failed may have the chunk, so nobody can say that it is missing. */
    private void rethrow(ChunkId id, Search search) {
        Optional<StoreException> failure = router.replicas(id).stream()
                .flatMap(server -> Stream.ofNullable(search.failures.get(server))).findFirst();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
