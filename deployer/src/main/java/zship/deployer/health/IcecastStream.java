package zship.deployer.health;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;

import tools.jackson.databind.JsonNode;

import zship.deployer.Deadline;
import zship.deployer.Time;
import zship.deployer.node.NodeException;
import zship.deployer.node.NodeJson;
import zship.flist.Secret;

/**
 * One source that streams to Icecast, and one listener that must receive what it sends. The stream is silence in MPEG
 * frames whose unused bytes carry the name of the mount, so that the listener knows them again.
 */
final class IcecastStream {

    private static final int CONNECT_MILLIS = 4000;
    private static final int READ_MILLIS = 5000;
    private static final int TURN_MILLIS = 100;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** MPEG 1 layer III, 128 kbit/s, 44100 Hz, stereo: 417 bytes, the first 36 header and side information. */
    private static final byte[] FRAME_HEADER = {(byte) 0xff, (byte) 0xfb, (byte) 0x90, 0};
    private static final int FRAME_BYTES = 417;
    private static final int ANCILLARY = 36;
    private static final int FRAMES = 8;

    private final Time time;
    private final HealthTarget target;
    private final String mount;
    private final byte[] piece;

    IcecastStream(Time time, HealthTarget target, String token) {
        this.time = time;
        this.target = target;
        this.mount = "/zship-smoke-" + token + ".mp3";
        this.piece = piece(mount);
    }

    /** Streams and listens until the listener has a piece of what was sent. */
    Finding probe(Secret password) throws IOException {
        Deadline deadline = Deadline.after(time, LIMIT);
        try (Socket source = connect()) {
            int answer = announce(source, password);
            if (answer != 100 && answer != 200) {
                return Finding.fault(answer == 403
                        ? "Icecast has no place for one more source: answered 403"
                        : "a source with the right password is answered " + answer);
            }
            while (!appears()) {
                if (deadline.passed()) {
                    return Finding.fault("a source streams, but its mount does not appear in the status");
                }
                source.getOutputStream().write(piece);
                time.sleep(PAUSE);
            }
            int received = listen(source, deadline);
            return received < 0
                    ? Finding.fault("a source streams, but a listener does not receive what it sends")
                    : Finding.passed("a mount appeared, and a listener received " + received + " bytes of it");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            socket.setSoTimeout(READ_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private int announce(Socket source, Secret password) throws IOException {
        String credentials = Base64.getEncoder()
                .encodeToString(("source:" + password.expose()).getBytes(StandardCharsets.UTF_8));
        write(source, "PUT " + mount + " HTTP/1.1\r\nHost: " + target + "\r\nAuthorization: Basic " + credentials
                + "\r\nUser-Agent: zship\r\nContent-Type: audio/mpeg\r\nIce-Public: 0\r\nExpect: 100-continue\r\n\r\n");
        return HttpAnswer.read(source.getInputStream(), false).status();
    }

    private boolean appears() throws IOException {
        HttpAnswer answer = HttpAnswer.exchange(target, Prober.getRequest(target, "/status-json.xsl"), true);
        try {
            JsonNode sources = NodeJson.read("the status of Icecast", answer.body()).path("icestats").path("source");
            if (sources.isObject()) {
                return sources.path("listenurl").asString("").endsWith(mount);
            }
            for (JsonNode one : sources) {
                if (one.path("listenurl").asString("").endsWith(mount)) {
                    return true;
                }
            }
            return false;
        } catch (NodeException e) {
            // Icecast 2.4.4 writes invalid JSON at times; the next look tells.
            return false;
        }
    }

    /** How much a listener received until it had a whole piece; -1 when it never had. */
    private int listen(Socket source, Deadline deadline) throws IOException {
        try (Socket listener = connect()) {
            write(listener, Prober.getRequest(target, mount));
            listener.setSoTimeout(TURN_MILLIS);
            InputStream in = listener.getInputStream();
            ByteArrayOutputStream heard = new ByteArrayOutputStream();
            while (!deadline.passed()) {
                source.getOutputStream().write(piece);
                int body = body(heard.toByteArray());
                if (body >= 0) {
                    return body;
                }
                try {
                    byte[] more = new byte[piece.length];
                    int count = in.read(more);
                    if (count < 0) {
                        return -1;
                    }
                    heard.write(more, 0, count);
                } catch (SocketTimeoutException e) {
                    // Nothing came in this turn; the next piece of the source makes more.
                    continue;
                }
            }
            return -1;
        }
    }

    /** The length of the body when a whole frame of ours is in it, else -1. */
    private int body(byte[] heard) {
        String text = new String(heard, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("\r\n\r\n");
        String frame = new String(piece, 0, FRAME_BYTES, StandardCharsets.ISO_8859_1);
        boolean ours = start >= 0 && text.startsWith("HTTP/1.") && text.indexOf(frame, start) >= 0;
        return ours ? heard.length - start - 4 : -1;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static byte[] piece(String mark) {
        byte[] frame = Arrays.copyOf(FRAME_HEADER, FRAME_BYTES);
        byte[] name = mark.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, frame, ANCILLARY, name.length);
        byte[] piece = new byte[FRAME_BYTES * FRAMES];
        for (int i = 0; i < FRAMES; i++) {
            System.arraycopy(frame, 0, piece, i * FRAME_BYTES, FRAME_BYTES);
        }
        return piece;
    }
}
