package zship.loopback;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses a port that a program is told by its number. Between the choice and the moment the program listens, the
 * kernel may give any port of its own range ({@code net.ipv4.ip_local_port_range}) to somebody else's connection, so
 * the choice is made below that range.
 */
public final class FreePort {
    private static final Path KERNEL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** Above the ports that the local node prefers. */
    private static final int LOWEST = 20_000;
    private static final int ATTEMPTS = 1000;

    private FreePort() {
    }

    /**
     * Chooses a port that nobody listens on.
     *
     * @return its number
     * @throws IOException when none was found
     */
    public static int choose() throws IOException {
        int end = Integer.parseInt(Files.readString(KERNEL_RANGE).strip().split("\\s+")[0]);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port from " + LOWEST + " to " + end);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("0.0.0.0"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
