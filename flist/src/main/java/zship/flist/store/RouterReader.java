package zship.flist.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

import zship.flist.Secret;

/**
 * Reads {@code router.yaml}, bounded. As nodes do it: {@code lookup} must name at least one pool,
 * schemes are zdb, ardb and redis, what stands in front of a colon or of the {@code @} is the password, and a path means nothing, so that
 * chunks are always in the default namespace.
 */
final class RouterReader {
    private static final int MAX_CHARACTERS = 1 << 20;
    private static final int MAX_ROUTES = 10_000;
    private static final int MAX_DEPTH = 8;
    /** Names are written back between quotes, so none may need escaping there. */
    private static final String NAME = "[^\"\\\\\\p{Cntrl}]{1,200}";

    private static final Pattern SERVER = Pattern
            .compile("(?<scheme>zdb|ardb|redis)://(?:(?<password>[^@/:]*)(?::[^@/]*)?@)?(?<place>[^@/]*)(?:/[^@]*)?");

    private final String what;
    private final Consumer<String> absent;

    private RouterReader(String what, Consumer<String> absent) {
        this.what = what;
        this.absent = absent;
    }

    /** Refuses names of pools that are not there. */
    static Router read(String text, String origin) {
        String what = "read the routing table " + origin;
        return new RouterReader(what, why -> {
            throw wrong(what, why);
        }).read(text);
    }

    /** Leaves names of pools that are not there out, as nodes do, after telling {@code absent} about them. */
    static Router readAsNodes(String text, String origin, Consumer<String> absent) {
        return new RouterReader("read the routing table " + origin, absent).read(text);
    }

    private Router read(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw wrong("it has more than " + MAX_CHARACTERS + " characters");
        }
        JsonNode root = tree(text);
        Map<String, List<Route>> pools = new LinkedHashMap<>();
        int routes = 0;
        for (Map.Entry<String, JsonNode> pool : root.path("pools").properties()) {
            List<Route> list = routes(pool.getKey(), pool.getValue());
            routes += list.size();
            if (routes > MAX_ROUTES) {
                throw wrong("it has more than " + MAX_ROUTES + " ranges");
            }
            pools.put(pool.getKey(), list);
        }
        List<String> lookup = names(root, "lookup", pools);
        if (lookup.isEmpty() && root.path("lookup").isEmpty()) {
            throw wrong("it has no lookup, the list of pools to search");
        }
        return new Router(pools, lookup, names(root, "cache", pools));
    }

    private JsonNode tree(String text) {
        YAMLFactory factory = YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                        .maxStringLength(MAX_CHARACTERS).build())
                .build();
        try {
            return new YAMLMapper(factory).readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            // The parser's own message quotes the text, which may hold a password.
            throw new StoreException(StoreException.Kind.USAGE, what,
                    line > 0 ? "line " + line + " is no valid YAML" : "it is no valid YAML", hint(), e);
        }
    }

    private List<Route> routes(String pool, JsonNode ranges) {
        if (!pool.matches(NAME)) {
            throw wrong("a pool's name is empty, too long, or holds quotes, backslashes or control characters");
        }
        if (!ranges.isObject()) {
            throw wrong("the pool '" + pool + "' is no map from ranges to servers");
        }
        List<Route> routes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> route : ranges.properties()) {
            try {
                routes.add(new Route(KeyRange.of(route.getKey()), server(route.getValue().asString(""))));
            } catch (IllegalArgumentException e) {
                throw wrong("in the pool '" + pool + "' " + e.getMessage());
            } catch (StoreException e) {
                throw wrong("in the pool '" + pool + "', range " + route.getKey() + ": " + e.what() + ": " + e.why());
            }
        }
        return routes;
    }

    private List<String> names(JsonNode root, String field, Map<String, List<Route>> pools) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : root.path(field)) {
            String text = name.asString("");
            if (!pools.containsKey(text)) {
                absent.accept(RouterMask.part(field + " names the pool '" + text + "', which is not in pools"));
            } else if (!names.contains(text)) {
                names.add(text);
            }
        }
        return names;
    }

    /** Nodes treat all three schemes alike, and send what stands in front of a colon or of the {@code @} as the password. */
    private static StoreUrl.Server server(String text) {
        Matcher parts = SERVER.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a server is not written zdb, ardb or redis://host:port");
        }
        String scheme = parts.group("scheme").equals("zdb") ? "zdb" : "redis";
        if (StoreUrl.of(scheme + "://" + parts.group("place")) instanceof StoreUrl.Server server) {
            Optional<Secret> password = Optional.ofNullable(parts.group("password")).filter(it -> !it.isEmpty())
                    .map(Secret::of);
            return new StoreUrl.Server(scheme, server.host(), server.port(), Optional.empty(), password);
        }
        throw new IllegalArgumentException("a server is not written zdb, ardb or redis://host:port");
    }

    /** Names and ranges are quoted, and may be servers by mistake. */
    private StoreException wrong(String why) {
        return wrong(what, RouterMask.part(why));
    }

    private static StoreException wrong(String what, String why) {
        return new StoreException(StoreException.Kind.USAGE, what, why, hint());
    }

    private static String hint() {
        return "write pools: { main: { \"00:ff\": \"zdb://host:port\" } } and lookup: [ main ]";
    }
}
