package zship.localnode.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringTokenizer;

/**
 * Who is at the other end of a connection over 127.0.0.1. The node runs commands for whoever connects, so other users of the
 * machine must be kept out. The kernel's table of connections is read once for all who ask at the same time.
 */
public final class LoopbackPeers {

    private static final System.Logger LOG = System.getLogger(LoopbackPeers.class.getName());
    private static final int ATTEMPTS = 5;
    private static final String TIME_WAIT = "06";
    private static final String MAPPED = "0000000000000000FFFF0000";

    private Map<String, Integer> users = Map.of();
    private long takenAt;
    private boolean taken;

    /** Whether the peer is root or the user of this process; also true where the kernel does not tell. */
    public boolean isTrusted(InetSocketAddress peer, InetSocketAddress self) {
        if (!Files.isReadable(Path.of("/proc/net/tcp"))) {
            return true;
        }
        OptionalInt user = user(peer, self);
        return user.isPresent() && (user.getAsInt() == 0 || user.getAsInt() == Credentials.own().uid());
    }

    /**
     * User id of the peer; empty when its end of the connection is gone. The kernel shows its table piece by piece and may leave
     * out one connection while others come and go, so a missing one is looked for again.
     */
    OptionalInt user(InetSocketAddress peer, InetSocketAddress self) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, Integer> table = tableSince(System.nanoTime());
            for (String prefix : new String[]{"", MAPPED}) {
                Integer user = table.get(prefix + hex(peer) + " " + prefix + hex(self));
                if (user != null) {
                    return OptionalInt.of(user);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** A table that was read after the given moment. */
    private synchronized Map<String, Integer> tableSince(long asked) {
        if (!taken || takenAt - asked < 0) {
            takenAt = System.nanoTime();
            taken = true;
            users = read();
        }
        return users;
    }

    private static Map<String, Integer> read() {
        Map<String, Integer> users = new HashMap<>();
        for (String table : new String[]{"tcp", "tcp6"}) {
            try (var lines = Files.lines(Path.of("/proc/net", table), StandardCharsets.ISO_8859_1)) {
                lines.skip(1).forEach(line -> add(line, users));
            } catch (IOException unreadable) {
                LOG.log(System.Logger.Level.DEBUG, "{0} is not read: {1}", table, unreadable.getMessage());
            }
        }
        return users;
    }

    /** The columns are: number, local and remote address, state, queues, timer, retransmissions, user. */
    private static void add(String line, Map<String, Integer> users) {
        StringTokenizer columns = new StringTokenizer(line);
        if (columns.countTokens() < 8) {
            return;
        }
        columns.nextToken();
        String key = columns.nextToken() + " " + columns.nextToken();
        boolean open = !columns.nextToken().equals(TIME_WAIT);
        for (int skipped = 0; skipped < 3; skipped++) {
            columns.nextToken();
        }
        if (open) {
            users.put(key, Integer.parseInt(columns.nextToken()));
        }
    }

    /** As the kernel prints an address of IPv4: a word in the byte order of the machine, and the port. */
    private static String hex(InetSocketAddress address) {
        byte[] raw = address.getAddress().getAddress();
        StringBuilder text = new StringBuilder();
        for (int word = 0; word < raw.length; word += 4) {
            for (int at = 3; at >= 0; at--) {
                text.append(String.format("%02X", raw[word + at]));
            }
        }
        return text + String.format(":%04X", address.getPort());
    }
}
