package zship.recorded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A server that gives recorded answers. */
final class PlayedHub implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();

    /** What is answered to a method and a path. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        static Answer of(Exchange exchange) {
            Map<String, String> headers = new HashMap<>();
            for (String name : List.of("Content-Type", "ETag", "Location", "Allow")) {
                Optional.of(exchange.header(name)).filter(it -> !it.isEmpty()).ifPresent(it -> headers.put(name, it));
            }
            return new Answer(exchange.status(), headers, exchange.answer());
        }

        static Answer json(int status, String text) {
            return new Answer(status, Map.of("Content-Type", "application/json"),
                    text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A request that came. */
    record Asked(String request, Optional<String> authorization, byte[] body) {
    }

    PlayedHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
            asked.add(new Asked(request,
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    exchange.getRequestBody().readAllBytes()));
            Answer answer = answers.getOrDefault(request,
                    Answer.json(404, "{\"status\": \"error\", \"message\": \"source not found\"}\n"));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Forgets everything. */
    void reset() {
        answers.clear();
        asked.clear();
    }

    void on(String request, Answer answer) {
        answers.put(request, answer);
    }

    void onDefault(String request, Answer answer) {
        answers.putIfAbsent(request, answer);
    }

    List<Asked> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
