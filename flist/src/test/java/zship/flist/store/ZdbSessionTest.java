package zship.flist.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.lettuce.core.RedisClient;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ZdbSessionTest {
    private static final Predicate<String> COMMAND = line -> line.startsWith("*");

    @Test
    void connectWhenInterruptedWhileTheServerThinksClosesTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StoreUrl.Server url = (StoreUrl.Server) StoreUrl.of("zdb://:pw@127.0.0.1:" + server.getLocalPort());
            Thread caller = Thread.currentThread();
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> untilEnd(server, caller),
                    task -> Thread.ofPlatform().daemon().start(task));
            ClientResources resources = ClientResources.create();
            RedisClient client = ZdbSession.client(url, resources, StorePatience.USUAL);
            try {
                assertThatThrownBy(() -> new ZdbSession(url, client, StorePatience.USUAL).connect())
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("interrupted");
                assertThat(Thread.interrupted()).isTrue();
                assertThat(heard.get(30, TimeUnit.SECONDS)).contains("AUTH").doesNotContain("SELECT");
            } finally {
                client.shutdown();
                resources.shutdown();
            }
        }
    }

    /** Refuses what comes before AUTH; does not answer AUTH but interrupts the caller, and listens until the end. */
    private static String untilEnd(ServerSocket server, Thread caller) {
        StringBuilder heard = new StringBuilder();
        try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
            byte[] buffer = new byte[1024];
            long answered = 0;
            for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                boolean asked = heard.indexOf("AUTH") >= 0;
                heard.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                long commands = heard.indexOf("AUTH") < 0 ? heard.toString().lines().filter(COMMAND).count() : 0;
                for (; answered < commands; answered++) {
                    socket.getOutputStream().write("-ERR unknown\r\n".getBytes(StandardCharsets.UTF_8));
                }
                if (!asked && heard.indexOf("AUTH") >= 0) {
                    caller.interrupt();
                }
            }
        } catch (IOException e) {
            heard.append(e.getMessage());
        }
        return heard.toString();
    }
}
