package zship.flow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * What a radio asks others for: a directory that lists streams, which speaks the YP protocol as dir.xiph.org does (forms
 * with an action, answers in headers), and a service that decides about listeners (URL authentication).
 */
final class YellowPages implements AutoCloseable {
    static final String SESSION = "session-7";
    private static final int PATIENCE_SECONDS = 90;

    private final HttpServer server;
    private final BlockingQueue<Map<String, String>> forms = new LinkedBlockingQueue<>();

    YellowPages() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/yp", this::list);
        server.createContext("/listener", YellowPages::decide);
        server.start();
    }

    String listing() {
        return "http://127.0.0.1:%d/yp".formatted(server.getAddress().getPort());
    }

    String authority() {
        return "http://127.0.0.1:%d/listener".formatted(server.getAddress().getPort());
    }

    /** Waits for the next form with this action; those before it are forgotten. */
    Map<String, String> await(String action) throws InterruptedException {
        while (true) {
            Map<String, String> form = forms.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (form == null) {
                throw new AssertionError("the directory was not asked to " + action);
            }
            if (action.equals(form.get("action"))) {
                return form;
            }
        }
    }

    /** Every touch must be of the session that the answer to the add began. */
    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        boolean known = "add".equals(form.get("action")) || SESSION.equals(form.get("sid"));
        exchange.getResponseHeaders().set("YPResponse", known ? "1" : "0");
        exchange.getResponseHeaders().set("YPMessage", known ? "done" : "unknown session");
        exchange.getResponseHeaders().set("SID", SESSION);
        exchange.getResponseHeaders().set("TouchFreq", "60");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
        if (known) {
            forms.add(form);
        }
    }

    private static void decide(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        if ("listener_add".equals(form.get("action")) && form.getOrDefault("mount", "").endsWith("?key=good")) {
            exchange.getResponseHeaders().set("icecast-auth-user", "1");
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(body.split("&")).map(field -> field.split("=", 2))
                .filter(field -> field.length == 2)
                .collect(Collectors.toMap(field -> field[0],
                        field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8), (first, second) -> first));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
