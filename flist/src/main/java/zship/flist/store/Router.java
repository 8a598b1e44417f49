package zship.flist.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import zship.flist.chunk.ChunkId;

/**
 * A routing table as nodes read it from {@code router.yaml}: several pools, each of which divides the ids over servers.
 *
 * <p>A chunk is looked for in the pools of {@code lookup}, in that order; within a pool the first range that holds its id tells
 * the server. So every pool of {@code lookup} that routes an id is a replica of it, and the ranges of a pool are its shards.
 * Pools of {@code cache} are given what was found elsewhere.
 *
 * @param pools routes by name of the pool
 * @param lookup names of pools, in the order of the search
 * @param cache names of pools that are given what was found elsewhere
 */
public record Router(Map<String, List<Route>> pools, List<String> lookup, List<String> cache) {
    /** Keeps its own copies. */
    public Router {
        Map<String, List<Route>> copy = new LinkedHashMap<>();
        pools.forEach((name, routes) -> copy.put(name, List.copyOf(routes)));
        pools = java.util.Collections.unmodifiableMap(copy);
        lookup = List.copyOf(lookup);
        cache = List.copyOf(cache);
    }

    /**
     * Reads the text of a {@code router.yaml}.
     *
     * @param origin where it comes from, for messages
     * @throws StoreException of kind USAGE that says what is wrong and in which line, without repeating a password
     */
    public static Router of(String text, String origin) {
        return RouterReader.read(text, origin);
    }

    /**
     * Reads the {@code router.yaml} of an flist as nodes do: names of pools that are not in it are left out. A table of which
     * nothing is left to search has no servers at all.
     *
     * @param origin where it comes from, for messages
     * @param absent told about every name that is left out
     * @throws StoreException of kind USAGE like {@link #of}
     */
    public static Router ofFlist(String text, String origin, Consumer<String> absent) {
        return RouterReader.readAsNodes(text, origin, absent);
    }

    /** The servers that are to have {@code id}, in the order of the search. */
    public List<StoreUrl.Server> replicas(ChunkId id) {
        return servers(lookup, id);
    }

    /** The servers that are given {@code id} when it was found elsewhere. */
    public List<StoreUrl.Server> caches(ChunkId id) {
        return servers(cache, id);
    }

    /** The table with one more server that is asked for every chunk, after all others. */
    public Router followedBy(StoreUrl.Server last) {
        String name = "storage";
        while (pools.containsKey(name)) {
            name += "+";
        }
        Map<String, List<Route>> more = new LinkedHashMap<>(pools);
        more.put(name, List.of(new Route(KeyRange.ALL, last)));
        List<String> order = new ArrayList<>(lookup);
        order.add(name);
        return new Router(more, order, cache);
    }

    /** Every server of the table, once. */
    public Set<StoreUrl.Server> servers() {
        Set<StoreUrl.Server> servers = new LinkedHashSet<>();
        pools.values().forEach(routes -> routes.forEach(route -> servers.add(route.server())));
        return servers;
    }

    /** Whether a server is given a password. */
    public boolean hasPasswords() {
        return servers().stream().anyMatch(server -> server.password().isPresent());
    }

    /**
     * The table as the text of a {@code router.yaml}, without passwords, since it is for flists, which everybody can read.
     */
    public String text() {
        return text(false);
    }

    /** The text of a {@code router.yaml} for people and programs to see: as it was written, with {@code ***} for passwords. */
    public static String masked(String text) {
        return RouterMask.text(text);
    }

    /** The table as text, with nothing or with a mask for passwords. */
    String text(boolean masks) {
        StringBuilder text = new StringBuilder("pools:\n");
        pools.forEach((name, routes) -> {
            text.append("  ").append(quoted(name)).append(":\n");
            routes.forEach(route -> text.append("    \"").append(route.range()).append("\": \"")
                    .append(address(route.server(), masks)).append("\"\n"));
        });
        text.append("lookup: ").append(list(lookup)).append('\n');
        if (!cache.isEmpty()) {
            text.append("cache: ").append(list(cache)).append('\n');
        }
        return text.toString();
    }

    private List<StoreUrl.Server> servers(List<String> names, ChunkId id) {
        List<StoreUrl.Server> servers = new ArrayList<>();
        for (String name : names) {
            pools.getOrDefault(name, List.of()).stream().filter(route -> route.range().contains(id)).findFirst()
                    .map(Route::server).filter(server -> !servers.contains(server)).ifPresent(servers::add);
        }
        return servers;
    }

    private static String address(StoreUrl.Server server, boolean masks) {
        String mask = masks && server.password().isPresent() ? RouterMask.MASK + "@" : "";
        return server.scheme() + "://" + mask + server.hostPort();
    }

    private static String list(List<String> names) {
        return "[" + String.join(", ", names.stream().map(Router::quoted).toList()) + "]";
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }
}
