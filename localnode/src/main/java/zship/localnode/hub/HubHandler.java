package zship.localnode.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import zship.flist.FlistException;
import zship.flist.store.StoreException;
import zship.localnode.hub.HubServer.Served;

/** The routes of the hub and its failures. Every name in a path is checked by the part that takes it. */
final class HubHandler implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(HubHandler.class.getName());
    private static final long DRAINED = 64L << 20;
    private static final long DRAINED_NANOS = 10_000_000_000L;
    private static final List<String> WITHOUT_BODY = List.of("GET", "HEAD", "INFO", "OPTIONS", "DELETE");

    private final IdleLimit idle;
    private final Listings listings;
    private final Downloads downloads;
    private final OwnRepository own;
    private final Optional<CollectionRequests> collection;

    HubHandler(Served served, HubAccess access, Optional<CollectionRequests> collection, IdleLimit idle) {
        Shelf shelf = served.shelf();
        HubRules rules = served.rules();
        Digests digests = new Digests();
        this.idle = idle;
        this.listings = new Listings(shelf, digests, rules);
        this.downloads = new Downloads(shelf, digests, rules);
        this.own = new OwnRepository(shelf, new Upload(shelf, served.store().chunks(), rules), rules, access);
        this.collection = collection;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            idle.watch(exchange);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            try {
                takeUnusedBody(exchange);
                route(exchange);
            } catch (HubRefusal refused) {
                drain(exchange);
                Replies.refused(exchange, refused);
            } catch (FlistException refused) {
                Replies.error(exchange, 422, refused.what() + ": " + refused.why());
            } catch (StoreException broken) {
                Replies.error(exchange, 503, broken.what() + ": " + broken.why());
            } catch (NoSuchFileException gone) {
                Replies.error(exchange, 404, "source not found");
            } catch (FileSystemException storage) {
                LOG.log(System.Logger.Level.ERROR, "hub: {0}", storage.toString());
                String reason = storage.getReason() == null ? "cannot be used" : storage.getReason();
                Replies.error(exchange, 507, "hub folder: " + reason);
            } catch (RuntimeException unexpected) {
                LOG.log(System.Logger.Level.ERROR, "hub: " + exchange.getRequestURI(), unexpected);
                Replies.error(exchange, 500, "internal error");
            }
        }
    }

    /** The server would do it while it sends the headers, where nothing limits the wait. */
    private static void takeUnusedBody(HttpExchange exchange) throws IOException {
        if (WITHOUT_BODY.contains(exchange.getRequestMethod())) {
            exchange.getRequestBody().close();
        }
    }

    /** A client that is still sending sees the answer only when what it sends is taken, and not for ever. */
    private static void drain(HttpExchange exchange) throws IOException {
        if (WITHOUT_BODY.contains(exchange.getRequestMethod())) {
            return;
        }
        InputStream body = exchange.getRequestBody();
        byte[] ignored = new byte[64 << 10];
        long until = System.nanoTime() + DRAINED_NANOS;
        long left = DRAINED;
        for (int count = 0; count >= 0 && left > 0 && System.nanoTime() < until; left -= count) {
            count = body.read(ignored);
        }
    }

    private void route(HttpExchange exchange) throws IOException, HubRefusal {
        List<String> path = List.of(exchange.getRequestURI().getRawPath().replaceAll("^/+|/+$", "").split("/", -1));
        boolean api = path.size() > 1 && path.getFirst().equals("api");
        boolean flist = api && path.get(1).equals("flist");
        if (flist && path.size() > 2 && path.get(2).equals("me")) {
            own.answer(exchange, path.subList(3, path.size()), listings);
            return;
        }
        if (collection.isPresent() && api && path.size() == 3 && path.get(1).equals("chunks")
                && path.get(2).equals("collect")) {
            collection.get().answer(exchange);
            return;
        }
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD, INFO, OPTIONS");
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        boolean reads = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
        if (!reads && !(flist && exchange.getRequestMethod().equals("INFO"))) {
            throw new HubRefusal(405, "method not allowed", List.of("GET", "HEAD", "INFO", "OPTIONS"));
        }
        if (flist && path.size() > 2) {
            listings.repository(exchange, path.subList(2, path.size()));
        } else if (api && path.size() == 2) {
            listings.all(exchange, path.get(1));
        } else if (path.size() == 2) {
            downloads.answer(exchange, path.get(0), path.get(1));
        } else if (path.size() == 4 && path.get(1).equals("tags")) {
            downloads.tagged(exchange, path.get(0), path.get(2), path.get(3));
        } else {
            throw new HubRefusal(404, "not found");
        }
    }
}
