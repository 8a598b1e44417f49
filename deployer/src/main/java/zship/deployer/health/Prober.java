package zship.deployer.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

import zship.deployer.Time;
import zship.deployer.node.NodeException;
import zship.deployer.node.NodeJson;
import zship.flist.Secret;

/** Makes single probes. */
final class Prober {

    private static final int CONNECT_MILLIS = 4000;
    /** How long a connection must stay open to count: a forward without a listener closes it at once. */
    private static final int STAYS_OPEN_MILLIS = 100;
    private static final int OK = 200;
    private static final int CONTINUE = 100;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Time time;
    private final RandomGenerator random;

    Prober(Time time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** What a probe of a check finds. */
    Finding probe(HealthCheck check, HealthTarget target, Inside inside) {
        try {
            return look(check, target, inside);
        } catch (SocketTimeoutException e) {
            return Finding.fault("no answer in time from " + target);
        } catch (IOException e) {
            String message = e.getMessage() == null ? "connection lost" : e.getMessage();
            return Finding.fault(target + ": " + message.toLowerCase(java.util.Locale.ROOT));
        }
    }

    private Finding look(HealthCheck check, HealthTarget target, Inside inside) throws IOException {
        return switch (check) {
            case HealthCheck.PortOpen port -> Finding.of(portOpen(target));
            case HealthCheck.Http http -> Finding.of(get(target, http));
            case HealthCheck.IcecastStatus status -> Finding.of(icecastStatus(target));
            case HealthCheck.IcecastSource source -> Finding.of(icecastSource(target, source.sourcePassword()));
            case HealthCheck.IcecastStream stream -> new IcecastStream(time, target, token())
                    .probe(stream.sourcePassword());
            case HealthCheck.LogLine line -> inside.output().lines().anyMatch(line.pattern().asPredicate())
                    ? Finding.OK
                    : Finding.fault("no line of the output has " + line.pattern() + " in it");
            case HealthCheck.Exec exec -> Finding
                    .of(inside.run(exec.command()).map(how -> exec.command().getFirst() + ": " + how));
        };
    }

    private static Optional<String> portOpen(HealthTarget target) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
            socket.setSoTimeout(STAYS_OPEN_MILLIS);
            InputStream in = socket.getInputStream();
            return in.read() < 0
                    ? Optional.of(target + ": accepted, then closed at once; nothing listens behind it")
                    : Optional.empty();
        } catch (SocketTimeoutException e) {
            return e.getMessage() != null && e.getMessage().contains("onnect")
                    ? Optional.of("no answer in time from " + target)
                    : Optional.empty();
        }
    }

    private static Optional<String> get(HealthTarget target, HealthCheck.Http wanted) throws IOException {
        HttpAnswer answer = HttpAnswer.exchange(target, getRequest(target, wanted.path()), !wanted.body().isEmpty());
        if (answer.status() != wanted.status()) {
            return Optional.of("GET " + wanted.path() + " answers " + answer.status() + " instead of "
                    + wanted.status());
        }
        return answer.body().contains(wanted.body())
                ? Optional.empty()
                : Optional.of("the body of " + wanted.path() + " does not contain '" + wanted.body() + "'");
    }

    private static Optional<String> icecastStatus(HealthTarget target) throws IOException {
        String path = "/status-json.xsl";
        HttpAnswer answer = HttpAnswer.exchange(target, getRequest(target, path), true);
        if (answer.status() != OK) {
            return Optional.of("GET " + path + " answers " + answer.status() + " instead of " + OK);
        }
        try {
            return NodeJson.read("the status of Icecast", answer.body()).path("icestats").isObject()
                    ? Optional.empty()
                    : Optional.of(path + " does not have Icecast's form");
        } catch (NodeException e) {
            return Optional.of(path + " is not valid JSON yet");
        }
    }

    /** Icecast 2.4.4 looks at the password before its limits, so 403 (too many sources) says that it is right. */
    private Optional<String> icecastSource(HealthTarget target, Secret password) throws IOException {
        int wrong = source(target, Secret.of(token()));
        if (wrong != UNAUTHORIZED) {
            return Optional.of("a source with a wrong password is answered " + wrong + " instead of " + UNAUTHORIZED);
        }
        int right = source(target, password);
        return switch (right) {
            case OK, CONTINUE, FORBIDDEN -> Optional.empty();
            case UNAUTHORIZED -> Optional.of("the source password given is not in force: answered " + UNAUTHORIZED);
            default -> Optional.of("a source with the right password is answered " + right);
        };
    }

    private int source(HealthTarget target, Secret password) throws IOException {
        String credentials = Base64.getEncoder()
                .encodeToString(("source:" + password.expose()).getBytes(StandardCharsets.UTF_8));
        String request = "PUT /zship-probe-" + token() + ".ogg HTTP/1.1\r\nHost: " + target
                + "\r\nAuthorization: Basic "
                + credentials + "\r\nUser-Agent: zship\r\nContent-Type: application/ogg\r\nIce-Public: 0\r\n"
                + "Expect: 100-continue\r\n\r\n";
        return HttpAnswer.exchange(target, request, false).status();
    }

    static String getRequest(HealthTarget target, String path) {
        return "GET " + path + " HTTP/1.0\r\nHost: " + target + "\r\nUser-Agent: zship\r\nAccept: */*\r\n\r\n";
    }

    private String token() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
