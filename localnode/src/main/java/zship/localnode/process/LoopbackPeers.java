package zship.localnode.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Who is at the other end of a connection over 127.0.0.1. The node runs commands for whoever connects, so other users of the
 * machine must be kept out.
 */
public final class LoopbackPeers {

    private static final String TIME_WAIT = "06";
    private static final int MAPPED_OFFSET = 12;

    private LoopbackPeers() {
    }

    /** Whether the peer is root or the user of this process; also true where the kernel does not tell. */
    public static boolean isTrusted(InetSocketAddress peer, InetSocketAddress self) {
        if (!Files.isReadable(Path.of("/proc/net/tcp"))) {
            return true;
        }
        OptionalInt user = user(peer, self);
        return user.isPresent() && (user.getAsInt() == 0 || user.getAsInt() == ownUser());
    }

    /** User id of the peer; empty when its end of the connection is gone. */
    static OptionalInt user(InetSocketAddress peer, InetSocketAddress self) {
        for (String table : new String[]{"tcp", "tcp6"}) {
            try (var lines = Files.lines(Path.of("/proc/net", table), StandardCharsets.ISO_8859_1)) {
                OptionalInt user = lines.skip(1).map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields.length > 7 && !fields[3].equals(TIME_WAIT))
                        .filter(fields -> is(fields[1], peer) && is(fields[2], self))
                        .mapToInt(fields -> Integer.parseInt(fields[7])).findFirst();
                if (user.isPresent()) {
                    return user;
                }
            } catch (IOException unreadable) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.empty();
    }

    private static boolean is(String hex, InetSocketAddress address) {
        int colon = hex.indexOf(':');
        if (Integer.parseInt(hex.substring(colon + 1), 16) != address.getPort()) {
            return false;
        }
        try {
            byte[] raw = Sockets.address(hex.substring(0, colon)).getAddress();
            byte[] wanted = address.getAddress().getAddress();
            return Arrays.equals(raw, raw.length - wanted.length == MAPPED_OFFSET ? MAPPED_OFFSET : 0, raw.length,
                    wanted, 0, wanted.length);
        } catch (UnknownHostException malformed) {
            return false;
        }
    }

    private static int ownUser() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException unreadable) {
            return -1;
        }
    }
}
