package zship.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.deployer.container.Containers;
import zship.deployer.node.Command;
import zship.deployer.node.NodeClient;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvents;
import zship.deployer.rollout.RolloutSettings;

/**
 * Measures a node and its client; run by {@code src/bench/client.sh} and by nothing else. Prints how many commands one
 * connection carries in a second, how much longer a verified deployment takes than the node and the service themselves, and
 * how many of 100 requests a second fail while a service is replaced.
 */
class NodeFigures {
    private static final int ROUNDS = Integer.getInteger("zship.rounds", 10);
    private static final int COMMANDS = 2000;

    @TempDir
    Path folder;

    @Test
    void print() throws IOException, InterruptedException {
        try (Radio radio = Radio.start(folder); NodeClient client = radio.client()) {
            commands(client);
            deployments(radio, client);
            replacements(radio, client);
        }
    }

    private static void commands(NodeClient client) {
        for (int i = 0; i < 200; i++) {
            client.run(Command.of("core.ping"), Duration.ofSeconds(20));
        }
        long begin = System.nanoTime();
        for (int i = 0; i < COMMANDS; i++) {
            client.run(Command.of("core.ping"), Duration.ofSeconds(20));
        }
        System.out.printf("commands on one connection: %.0f/s%n", COMMANDS * 1e9 / (System.nanoTime() - begin));
    }

    private static void deployments(Radio radio, NodeClient client) throws IOException {
        Containers containers = new Containers(client);
        Rollout rollout = rollout(radio, client);
        List<Long> bare = new ArrayList<>();
        List<Long> verified = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            int id = containers.create(radio.app("one").spec());
            while (!serves(client.address().host(), radio.port())) {
                Thread.onSpinWait();
            }
            bare.add((System.nanoTime() - begin) / 1_000_000);
            containers.terminate(id, Duration.ofSeconds(30));
            begin = System.nanoTime();
            rollout.apply(radio.app("one"));
            verified.add((System.nanoTime() - begin) / 1_000_000);
            rollout.remove(Radio.NAME);
        }
        System.out.printf("create to 200: node and service alone %d ms, deployed and verified %d ms (medians of %d)%n",
                median(bare), median(verified), ROUNDS);
    }

    private static void replacements(Radio radio, NodeClient client) throws InterruptedException {
        Rollout rollout = rollout(radio, client);
        rollout.apply(radio.app("zero"));
        Listeners listeners = Listeners.start(client.address().host(), radio.port(), 100);
        for (int i = 0; i < ROUNDS; i++) {
            rollout.apply(radio.app("password" + i));
        }
        listeners.stop();
        rollout.remove(Radio.NAME);
        System.out.printf("%d redeploys under 100 requests/s: %d requests, %d failed %s%n", ROUNDS, listeners.count(),
                listeners.failures().size(), listeners.failures());
    }

    private static Rollout rollout(Radio radio, NodeClient client) {
        return new Rollout(client, RolloutSettings.of(radio.state()), RolloutEvents.none());
    }

    private static boolean serves(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(2000);
            socket.connect(new InetSocketAddress(host, port), 2000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.0 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
