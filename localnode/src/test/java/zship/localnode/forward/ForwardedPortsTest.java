package zship.localnode.forward;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.ProcessMark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ForwardedPortsTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration LONG = Duration.ofHours(1);

    private final ForwardedPorts ports = new ForwardedPorts(new HereSockets(),
            LONG);
    private int port;
    private Service first;
    private Service second;

    @BeforeEach
    void startServices() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            port = free.getLocalPort();
        }
        first = new Service("first");
        second = new Service("second");
    }

    @AfterEach
    void stop() throws IOException {
        ports.keep(question());
        first.close();
        second.close();
    }

    @Test
    void connectionsThatComeWhileAPortMovesAreAllServedByTheNextContainer() throws IOException {
        forward(1, first);
        ports.release(question().put("container", 1));
        List<Socket> waiting = new ArrayList<>();
        for (int client = 0; client < 100; client++) {
            waiting.add(connect());
        }

        forward(2, second);

        for (Socket client : waiting) {
            assertThat(greeting(client)).isEqualTo("second");
            client.close();
        }
        assertThat(greeting(connect())).isEqualTo("second");
    }

    @Test
    void connectionsGoOnWhenTheirPortMoves() throws Exception {
        forward(1, first);
        try (Socket client = connect(); Socket service = first.next()) {
            assertThat(greeting(client)).isEqualTo("first");

            ports.release(question().put("container", 1));
            forward(2, second);

            client.getOutputStream().write('a');
            assertThat(service.getInputStream().read()).isEqualTo('a');
            service.getOutputStream().write('b');
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void portThatNobodyTakesOverIsClosedWithTheConnectionsThatWait() throws IOException {
        ForwardedPorts hasty = new ForwardedPorts(new HereSockets(),
                Duration.ofMillis(50));
        assertThat(hasty.forward(question(1, first)).has("taken")).isFalse();
        try (Socket before = connect()) {
            assertThat(greeting(before)).isEqualTo("first");
            hasty.release(question().put("container", 1));
            // On a busy machine the time is over before a client has come.
            assertThatThrownBy(() -> {
                try (Socket waiting = connect()) {
                    waiting.getInputStream().read();
                }
            }).isInstanceOf(SocketException.class);
        }
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        try (ServerSocket free = new ServerSocket(port, 1, LOOPBACK)) {
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void portsOfAnEndedContainerAreClosedAtOnceButNotThoseThatItGaveAway() throws IOException {
        forward(1, first);
        ports.close(question().put("container", 1));
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

        forward(1, first);
        ports.release(question().put("container", 1));
        forward(2, second);
        ports.close(question().put("container", 1));
        ports.release(question().put("container", 1));
        assertThat(greeting(connect())).isEqualTo("second");
    }

    @Test
    void nodeThatComesBackKeepsItsPortsAndClosesTheOthers() throws IOException {
        forward(1, first);
        ObjectNode keep = question();
        keep.putArray("ports").add(port);
        ports.keep(keep);
        forward(1, first);
        assertThat(greeting(connect())).isEqualTo("first");
        assertThat(ports.areUsed()).isTrue();

        ports.keep(question());

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        assertThat(ports.areUsed()).isFalse();
    }

    @Test
    void portOfAnotherProgramIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(port, 1, LOOPBACK)) {
            assertThat(other.isBound()).isTrue();
            assertThat(ports.forward(question(1, first)).path("taken").asBoolean(false)).isTrue();
        }
        forward(1, first);
        assertThat(greeting(connect())).isEqualTo("first");
    }

    @Test
    void endOfOneSideIsPassedOnAndTheOtherSideGoesOn() throws Exception {
        forward(1, first);
        try (Socket client = connect(); Socket service = first.next()) {
            client.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            assertThat(service.getInputStream().readAllBytes()).asString().isEqualTo("question");
            service.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
            service.close();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("first\nanswer");
        }
    }

    @Test
    void resetIsPassedOnAndSoIsThatNobodyListens() throws Exception {
        forward(1, first);
        try (Socket client = connect(); Socket service = first.next()) {
            assertThat(greeting(client)).isEqualTo("first");
            service.setSoLinger(true, 0);
            service.close();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect(); Socket service = first.next()) {
            assertThat(greeting(client)).isEqualTo("first");
            client.setSoLinger(true, 0);
            client.close();
            assertThatThrownBy(() -> service.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        first.close();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void senderIsHeldBackUntilTheReaderReadsAndEveryByteArrives() throws Exception {
        byte[] sent = new byte[64 << 20];
        new Random(7).nextBytes(sent);
        AtomicLong taken = new AtomicLong();
        forward(1, first);
        try (Socket client = connect(); Socket service = first.next()) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int at = 0; at < sent.length; at += 1 << 16) {
                        service.getOutputStream().write(sent, at, 1 << 16);
                        taken.addAndGet(1 << 16);
                    }
                    service.shutdownOutput();
                } catch (IOException e) {
                    taken.set(-1);
                }
            });
            InputStream in = client.getInputStream();
            in.readNBytes("first\n".length());
            byte[] begin = in.readNBytes(8 << 20);
            // Four sockets hold some megabytes; the rest of what was written would be in our memory.
            assertThat(taken.get()).isLessThan(begin.length + (40L << 20));
            byte[] rest = in.readAllBytes();
            sender.join();
            assertThat(taken.get()).isEqualTo(sent.length);
            assertThat(begin).isEqualTo(Arrays.copyOf(sent, begin.length));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(sent, begin.length, sent.length));
        }
    }

    private void forward(int container, Service service) {
        assertThat(ports.forward(question(container, service)).isEmpty()).isTrue();
    }

    private ObjectNode question() {
        return JsonNodeFactory.instance.objectNode().put("hostPort", port);
    }

    private JsonNode question(int container, Service service) {
        ProcessMark own = ProcessMark.of(ProcessHandle.current().pid()).orElseThrow();
        ObjectNode question = question().put("container", container).put("address", "127.0.0.1").put("containerPort",
                service.port());
        question.putObject("init").put("pid", own.pid()).put("start", own.start());
        return question;
    }

    private Socket connect() throws IOException {
        return new Socket(LOOPBACK, port);
    }

    private static String greeting(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }
}
