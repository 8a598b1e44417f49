package zship.loopback;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses a port that a program is told by its number. Between the choice and the moment the program listens, the
 * kernel may give any port of its own range ({@code net.ipv4.ip_local_port_range}) to somebody else's connection, so
 * the choice is made outside that range, if there is such a port.
 */
public final class FreePort {
    private static final Path KERNEL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    /** Above the ports that the local node prefers. */
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 65_535;
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
        int first;
        int last;
        // The kernel gives the whole line to the first read only, so that one must be large enough.
        try (Scanner kernel = new Scanner(new BufferedInputStream(Files.newInputStream(KERNEL_RANGE)),
                StandardCharsets.US_ASCII)) {
            first = kernel.nextInt();
            last = kernel.nextInt();
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
            boolean own = port < first || port > last || attempt > ATTEMPTS / 2;
            if (own && isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port from " + LOWEST + " to " + HIGHEST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("0.0.0.0"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
