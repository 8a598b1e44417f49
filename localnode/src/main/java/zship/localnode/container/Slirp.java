package zship.localnode.container;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.GoJson;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.Signals;

/**
 * The default network of one container: slirp4netns gives it an interface {@code eth0} with outbound access. It does not end
 * with the container. Ports are not forwarded by it: so that a container reaches nothing on the machine's loopback, libslirp 4.7
 * refuses what goes to its own address, from which forwarded datagrams would seem to come, and so every answer to them (measured).
 */
final class Slirp {

    /** The name server that the container sees. */
    static final String NAME_SERVER = "172.16.0.3";
    /** The gateway of the container, as on a node. */
    static final String GATEWAY = "172.18.0.1";

    /** Holds the containers' network 172.18.0.0/16 and, outside of it, slirp4netns's own addresses: .2 is itself, .3 DNS. */
    private static final String NETWORK = "172.16.0.0/12";
    /** libslirp answers for every address; 52:55 and its own IPv4 address are its hardware address. */
    private static final String HARDWARE_ADDRESS = "52:55:ac:10:00:02";

    private static final String SOCKET = "slirp.sock";
    private static final long STEP_MILLIS = 5;
    private static final int READY_STEPS = 2000;

    private final ProcessMark process;

    private Slirp(ProcessMark process) {
        this.process = process;
    }

    /**
     * What it gives to a container.
     *
     * @param container number of the container, which decides the address
     * @param name      name of the interface
     */
    record Interface(int container, String name) {

        /** The container's address: its number and one, counted from 172.18.0.0, as on a node (measured). */
        static String address(int container) {
            int host = container + 1;
            return "172.18." + (host >> 8) + "." + (host & 0xff);
        }

        /** What iproute2 has to do inside. */
        String setup() {
            return "link set " + name + " up\naddress add " + address(container) + "/16 dev " + name
                    + "\nneighbour replace " + GATEWAY + " lladdr " + HARDWARE_ADDRESS + " nud permanent dev " + name
                    + "\nroute add default via " + GATEWAY + " dev " + name + " metric 1000\n";
        }
    }

    /** Starts it for the network namespace of a process; returns when the interface is up. */
    static Slirp start(Toolbox tools, Path directory, long pid, Interface wanted)
            throws IOException, InterruptedException {
        Slirp slirp = start(tools, directory, pid, wanted.name());
        Path setup = directory.resolve("network.batch");
        try {
            Files.writeString(setup, wanted.setup());
            tools.run("nsenter", "--target", Long.toString(pid), "--net", "ip", "-batch", setup.toString());
            return slirp;
        } catch (IOException | InterruptedException failed) {
            slirp.stop();
            throw failed;
        } finally {
            Files.deleteIfExists(setup);
        }
    }

    /** Ends it: the interface is gone with it. */
    void stop() {
        process.signal(Signals.KILL);
    }

    private static Slirp start(Toolbox tools, Path directory, long pid, String name)
            throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve(SOCKET));
        Path log = directory.resolve("slirp.log");
        Process started = tools.background(List.of("slirp4netns", "--mtu=65520", "--disable-host-loopback",
                "--cidr=" + NETWORK, "--api-socket", SOCKET, Long.toString(pid), name))
                .directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Optional<ProcessMark> mark = ProcessMark.of(started.pid());
        try {
            for (int step = 0; step < READY_STEPS && started.isAlive() && mark.isPresent(); step++) {
                Slirp slirp = new Slirp(mark.get());
                if (Files.exists(directory.resolve(SOCKET)) && slirp.answers()) {
                    return slirp;
                }
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException stopped) {
            started.destroyForcibly();
            throw stopped;
        }
        started.destroyForcibly();
        String last = Files.readString(log).lines().filter(line -> !line.isBlank()).reduce("no reason given",
                (first, second) -> second);
        throw new IOException("slirp4netns failed: " + last);
    }

    /** One that is already running. */
    static Slirp of(ProcessMark process) {
        return new Slirp(process);
    }

    ProcessMark process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private boolean answers() {
        try {
            return !ask(GoJson.object().put("execute", "list_hostfwd")).has("error");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The socket is reached through the process's working folder: its own path may be too long for a socket address. */
    private JsonNode ask(ObjectNode request) throws IOException {
        Path socket = Path.of("/proc/" + process.pid() + "/cwd/" + SOCKET);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(GoJson.write(request));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.shutdownOutput();
            String answer = new String(Channels.newInputStream(channel).readNBytes(1 << 20), StandardCharsets.UTF_8);
            return GoJson.read(answer).orElseThrow(() -> new IOException("slirp4netns gave no answer"));
        }
    }
}
