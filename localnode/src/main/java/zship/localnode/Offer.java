package zship.localnode;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;

import zship.flist.Secret;
import zship.localnode.hub.HubAccess;
import zship.localnode.hub.HubServer;
import zship.localnode.process.PrivateFiles;
import zship.localnode.store.StoreServer;

/**
 * Store and hub on an address that nodes elsewhere can reach, at the ports they have on 127.0.0.1. Reading is open to
 * everybody there; writing asks for the password in {@code node/offer-password} of the state folder.
 *
 * @param address the address, as it is written in a URL
 */
record Offer(String address) {

    private static final int PASSWORD_BYTES = 24;

    /** Listens when the configuration says so; what has to be closed later is added to {@code parts}. */
    static Optional<Offer> open(LocalNodeConfig config, StateDirectory directory, StoreServer store, HubServer hub,
            Deque<AutoCloseable> parts) throws IOException {
        if (config.offer().isEmpty()) {
            return Optional.empty();
        }
        InetAddress address = config.offer().get();
        if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
            throw LocalNodeException.prerequisite("listen on " + address.getHostAddress(),
                    "it is not an address under which another machine finds this one",
                    "name the one that your nodes can reach: ip -brief address");
        }
        Secret password = password(directory.root().resolve("offer-password"));
        try {
            parts.push(store.offer(new InetSocketAddress(address, store.port()), password));
            parts.push(hub.offer(new InetSocketAddress(address, hub.port()),
                    HubAccess.password(HubServer.USER, password)));
        } catch (BindException unusable) {
            throw LocalNodeException.prerequisite(
                    "offer store and hub on " + address.getHostAddress() + ", ports " + store.port() + " and "
                            + hub.port(),
                    String.valueOf(unusable.getMessage()).toLowerCase(java.util.Locale.ROOT),
                    "give an address of this machine whose ports are free: ip -brief address; ss -ltn");
        }
        String literal = address.getHostAddress();
        return Optional.of(new Offer(literal.contains(":") ? "[" + literal + "]" : literal));
    }

    private static Secret password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            PrivateFiles.write(file, HexFormat.of().formatHex(random) + "\n");
        }
        return Secret.of(Files.readString(file).strip());
    }
}
