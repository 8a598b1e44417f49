package zship.localnode.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.chunk.ChunkId;
import zship.localnode.hub.ChunkCollector.Found;

/**
 * {@code POST /api/chunks/collect?older-than=SECONDS}: removes chunks that no flist names, or with {@code dry-run} tells which. The
 * body is the ids of more chunks that are needed, one a line. Only programs of the user of the hub's machine may ask.
 */
final class CollectionRequests {
    private static final int LARGEST_REQUEST = 64 << 20;
    private static final int LISTED = 1000;
    private static final Pattern AGE = Pattern.compile("(?:^|&)older-than=(\\d{1,9})(?:&|$)");
    private static final Pattern DRY_RUN = Pattern.compile("(?:^|&)dry-run(?:=(?:1|true))?(?:&|$)");

    private final ChunkCollector collector;
    private final HubAccess access = HubAccess.local("");

    CollectionRequests(ChunkCollector collector) {
        this.collector = collector;
    }

    void answer(HttpExchange exchange) throws IOException, HubRefusal {
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new HubRefusal(405, "use POST here", List.of("POST"));
        }
        if (!exchange.getLocalAddress().getAddress().isLoopbackAddress()
                || !exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            throw new HubRefusal(403, "only programs of the hub's own machine may remove chunks");
        }
        access.user(exchange);
        String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        Matcher age = AGE.matcher(query);
        if (!age.find()) {
            throw new HubRefusal(400, "say how old chunks must be: older-than=SECONDS");
        }
        boolean dryRun = DRY_RUN.matcher(query).find();
        Found found = collector.collect(dryRun, Duration.ofSeconds(Long.parseLong(age.group(1))), kept(exchange));
        ObjectNode payload = Replies.object().put("removed", !dryRun).put("flists", found.flists())
                .put("needed", found.needed()).put("young", found.young()).put("unneeded", found.unneeded().size())
                .put("bytes", found.bytes());
        ArrayNode ids = payload.putArray("ids");
        found.unneeded().stream().limit(LISTED).forEach(id -> ids.add(id.toString()));
        Replies.done(exchange, payload);
    }

    private static Set<ChunkId> kept(HttpExchange exchange) throws IOException, HubRefusal {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_REQUEST + 1);
        if (body.length > LARGEST_REQUEST) {
            throw new HubRefusal(413, "too many ids");
        }
        Set<ChunkId> kept = new HashSet<>();
        for (String line : (Iterable<String>) new String(body, StandardCharsets.ISO_8859_1).lines()::iterator) {
            if (!line.matches("[0-9a-f]{32}")) {
                throw new HubRefusal(400, "ids have 32 hexadecimal digits");
            }
            kept.add(ChunkId.of(line));
        }
        return kept;
    }
}
