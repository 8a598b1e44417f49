package zship.localnode.hub;

import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;

import zship.flist.Secret;
import zship.localnode.process.LoopbackPeers;

/** Decides as whom a request may change something. Reading is open to everybody who reaches the hub. */
@FunctionalInterface
public interface HubAccess {

    /**
     * The user whose repository the request may change.
     *
     * @throws HubRefusal with status 401 or 403 when it may change none
     */
    String user(HttpExchange exchange) throws HubRefusal;

    /** Whoever sends this password as a bearer token is {@code user}. */
    static HubAccess password(String user, Secret password) {
        return exchange -> {
            String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElseThrow(() -> new HubRefusal(401, "no authorization provided"));
            if (!password.equals(Secret.of(given.replaceFirst("(?i)^bearer +", "")))) {
                throw new HubRefusal(401, "invalid token");
            }
            return user;
        };
    }

    /** Programs of this machine's user are {@code user}; web pages and other users of the machine are nobody. */
    static HubAccess local(String user) {
        LoopbackPeers peers = new LoopbackPeers();
        return exchange -> {
            String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
            boolean ownName = host.matches("(127\\.0\\.0\\.1|localhost)(:\\d{1,5})?");
            // A GET that a page makes a browser send has no Origin, but every browser says where it comes from.
            boolean page = exchange.getRequestHeaders().containsKey("Origin")
                    || exchange.getRequestHeaders().containsKey("Sec-Fetch-Site");
            if (page || !ownName) {
                throw new HubRefusal(403, "requests of web pages are not accepted");
            }
            if (!peers.isTrusted(exchange.getRemoteAddress(), exchange.getLocalAddress())) {
                throw new HubRefusal(403, "another user's hub");
            }
            return user;
        };
    }
}
