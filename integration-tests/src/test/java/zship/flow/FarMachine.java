package zship.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another machine: a network namespace joined to this one by veth interfaces. Its node listens on its 127.0.0.1, as every
 * local node does; a router before it, one more namespace, has the address under which it is known here.
 */
final class FarMachine implements AutoCloseable {
    /** This machine's address, as the other one sees it. */
    static final String HERE = "10.88.7.1";

    /** The other machine's address. */
    static final String THERE = "10.88.7.2";

    private static final String NAME = "zship-far";
    private static final String ROUTER = "zship-router";
    private static final int NODE_TLS_PORT = 16380;

    private final Zship zship;
    private final Process relay;

    private FarMachine(Zship zship, Process relay) {
        this.zship = zship;
        this.relay = relay;
    }

    /**
     * Makes it, starts its node over TLS, and lets the node's port and one more in.
     *
     * @param home where its user lives
     * @param port a port of its 127.0.0.1 that can be reached under the same number
     */
    static FarMachine start(Path home, int port) throws IOException, InterruptedException {
        join(ROUTER, "zship-near", HERE, THERE);
        join(NAME, "zship-near2", "10.88.7.5", "10.88.7.6");
        ip("-n", NAME, "route", "add", "default", "via", "10.88.7.5");
        Zship zship = new Zship(home, home.resolve("cache")).by(inside().toArray(String[]::new));
        zship.ok("node", "start", "--tls");
        List<String> command = new ArrayList<>(inside());
        command.addAll(List.of("python3", Path.of(System.getProperty("zship.home"),
                "integration-tests/src/test/resources/zship/flow/relay.py").toString(), "/run/netns/" + ROUTER, THERE,
                "6379:" + NODE_TLS_PORT, port + ":" + port));
        Process relay = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        BufferedReader output = relay.inputReader(StandardCharsets.UTF_8);
        if (!"ready".equals(output.readLine())) {
            throw new IOException("the relay did not start");
        }
        return new FarMachine(zship, relay);
    }

    private static void join(String name, String link, String near, String far)
            throws IOException, InterruptedException {
        ip("netns", "add", name);
        ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
        ip("address", "add", near + "/30", "dev", link);
        ip("-n", name, "address", "add", far + "/30", "dev", "eth0");
        ip("link", "set", link, "up");
        ip("-n", name, "link", "set", "eth0", "up");
        ip("-n", name, "link", "set", "lo", "up");
    }

    private static List<String> inside() {
        // Not "ip netns exec": that hides the control groups.
        return List.of("nsenter", "--net=/run/netns/" + NAME);
    }

    /** Commands of its user. */
    Zship zship() {
        return zship;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        zship.close();
        relay.getOutputStream().close();
        relay.waitFor();
        ip("netns", "delete", NAME);
        ip("netns", "delete", ROUTER);
    }
}
