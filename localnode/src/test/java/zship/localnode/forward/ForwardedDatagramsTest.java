package zship.localnode.forward;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

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
class ForwardedDatagramsTest {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private final ForwardedPorts ports = new ForwardedPorts(new HereSockets());
    private DatagramSocket first;
    private DatagramSocket second;
    private DatagramSocket client;
    private int port;

    @BeforeEach
    void open() throws IOException {
        first = new DatagramSocket(0, LOOPBACK);
        second = new DatagramSocket(0, LOOPBACK);
        client = new DatagramSocket(0, LOOPBACK);
        try (DatagramSocket free = new DatagramSocket(0, LOOPBACK)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        ports.keep(question());
        first.close();
        second.close();
        client.close();
    }

    @Test
    void answersGoToWhoeverSent() throws IOException {
        forward(1, first);
        try (DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
            send(client, "from client");
            DatagramPacket fromClient = receive(first);
            send(other, "from other");
            DatagramPacket fromOther = receive(first);
            assertThat(text(fromClient)).isEqualTo("from client");
            assertThat(text(fromOther)).isEqualTo("from other");
            answer(first, fromOther, "to other");
            answer(first, fromClient, "to client");
            assertThat(text(receive(client))).isEqualTo("to client");
            assertThat(text(receive(other))).isEqualTo("to other");
            send(client, "again");
            assertThat(receive(first).getPort()).isEqualTo(fromClient.getPort());
        }
    }

    @Test
    void largestAndEmptyDatagramsArePassedOn() throws IOException {
        forward(1, first);
        client.send(new DatagramPacket(new byte[65_507], 65_507, LOOPBACK, port));
        assertThat(receive(first).getLength()).isEqualTo(65_507);
        send(client, "");
        DatagramPacket empty = receive(first);
        assertThat(empty.getLength()).isZero();
        answer(first, empty, "");
        assertThat(receive(client).getLength()).isZero();
    }

    @Test
    void portThatMovesLeadsKnownSendersToTheNextContainer() throws IOException {
        forward(1, first);
        send(client, "one");
        assertThat(text(receive(first))).isEqualTo("one");
        forward(2, second);
        send(client, "two");
        assertThat(text(receive(second))).isEqualTo("two");
    }

    @Test
    void serviceThatComesLaterIsReached() throws IOException {
        int taken = first.getLocalPort();
        forward(1, first);
        first.close();
        send(client, "lost");
        send(client, "lost too");
        first = new DatagramSocket(taken, LOOPBACK);
        send(client, "reached");
        String last = "";
        while (!last.equals("reached")) {
            last = text(receive(first));
        }
        assertThat(last).isEqualTo("reached");
    }

    @Test
    void portIsFreeAsSoonAsItIsTakenAway() throws IOException {
        forward(1, first);
        send(client, "x");
        receive(first);
        assertThatThrownBy(() -> new DatagramSocket(port, LOOPBACK)).isInstanceOf(IOException.class);
        ports.release(question().put("container", 1));
        try (DatagramSocket free = new DatagramSocket(port, LOOPBACK)) {
            assertThat(ports.forward(question(1, first)).path("taken").asBoolean(false)).isTrue();
            assertThat(free.isBound()).isTrue();
        }
    }

    @Test
    void connectionsAndDatagramsOfOnePortAreTwoPorts() throws IOException {
        forward(1, first);
        assertThat(ports.forward(question(1, first).put("protocol", "tcp")).isEmpty()).isTrue();
        ports.release(question().put("container", 1).put("protocol", "tcp"));
        send(client, "still");
        assertThat(text(receive(first))).isEqualTo("still");
    }

    private void forward(int container, DatagramSocket service) {
        JsonNode answer = ports.forward(question(container, service));
        assertThat(answer.isEmpty()).as(answer.toString()).isTrue();
    }

    private ObjectNode question() {
        return JsonNodeFactory.instance.objectNode().put("protocol", "udp").put("hostPort", port);
    }

    private ObjectNode question(int container, DatagramSocket service) {
        ProcessMark own = ProcessMark.own();
        ObjectNode question = question().put("container", container).put("address", "127.0.0.1").put("containerPort",
                service.getLocalPort());
        question.putObject("init").put("pid", own.pid()).put("start", own.start());
        return question;
    }

    private void send(DatagramSocket from, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        from.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, port));
    }

    private static void answer(DatagramSocket service, DatagramPacket question, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        service.send(new DatagramPacket(bytes, bytes.length, question.getSocketAddress()));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.setSoTimeout(20_000);
        socket.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
