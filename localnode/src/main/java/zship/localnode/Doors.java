package zship.localnode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Deque;
import java.util.Optional;

import io.netty.handler.ssl.SslContext;

import zship.localnode.access.Certificate;
import zship.localnode.access.TokenCheck;
import zship.localnode.resp.Keyspace;
import zship.localnode.resp.QueueSession;
import zship.localnode.resp.RespLimits;
import zship.localnode.resp.RespServer;

/**
 * The listeners of the node protocol: one in the clear, and one over TLS when asked for.
 *
 * @param plainAddress host and port of the first
 * @param tlsAddress   host and port of the second
 */
record Doors(String plainAddress, Optional<String> tlsAddress) {

    private static final int PREFERRED_PORT = 16379;
    private static final int PREFERRED_TLS_PORT = 16380;

    /** Listens; what has to be closed later is added to {@code parts}. */
    static Doors open(LocalNodeConfig config, StateDirectory directory, Keyspace keyspace,
            Deque<AutoCloseable> parts) throws IOException, InterruptedException {
        Optional<NodeState> before = directory.readState();
        Optional<TokenCheck> check = check(config);
        int plain = listen(config.nodePort(), before.map(NodeState::nodeAddress), PREFERRED_PORT, parts,
                port -> RespServer.start(port, RespLimits.COMMANDS, () -> new QueueSession(keyspace, check)));
        if (!config.access().tls()) {
            return new Doors("127.0.0.1:" + plain, Optional.empty());
        }
        Optional<SslContext> context = Optional.of(Certificate.obtain(directory.root(), config.environment()));
        int fixed = config.nodePort() == LocalNodeConfig.ANY_PORT ? LocalNodeConfig.ANY_PORT : 0;
        int tls = listen(fixed, before.flatMap(NodeState::tlsAddress), PREFERRED_TLS_PORT, parts,
                port -> RespServer.start(port, RespLimits.COMMANDS, context, () -> new QueueSession(keyspace, check)));
        return new Doors("127.0.0.1:" + plain, Optional.of("127.0.0.1:" + tls));
    }

    private static int listen(int fixed, Optional<String> remembered, int preferred, Deque<AutoCloseable> parts,
            Ports.Starter<RespServer> starter) throws IOException {
        int before = remembered.map(address -> URI.create("redis://" + address).getPort()).orElse(0);
        RespServer server = Ports.start("node", fixed, Math.max(before, 0), preferred, starter);
        parts.push(server);
        return server.port();
    }

    private static Optional<TokenCheck> check(LocalNodeConfig config) {
        Optional<Path> file = config.access().tokenKey();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TokenCheck(TokenCheck.readKey(Files.readString(file.get())),
                    config.access().organizations(), config.clock()));
        } catch (IOException | GeneralSecurityException unusable) {
            throw LocalNodeException.prerequisite("read the key of tokens " + file.get(),
                    unusable instanceof GeneralSecurityException
                            ? String.valueOf(unusable.getMessage())
                            : "it cannot be read",
                    "give the public key as PEM: openssl ec -in KEY -pubout");
        }
    }
}
