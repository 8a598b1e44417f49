package zship.deployer.fake;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;

import tools.jackson.databind.JsonNode;

import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeJson;

/** A Redis server with the queue of a node behind it; commands are answered by handlers, faults can be ordered. */
public final class FakeNode implements AutoCloseable {

    /** What happens to a connection instead of the answer, once. */
    public enum Fault {
        /** The connection ends before the request takes effect. */
        DROP_BEFORE,
        /** The request takes effect, then the connection ends without an answer. */
        DROP_AFTER,
        /** The request waits for ever, as behind a proxy whose places are all taken. */
        HANG
    }

    private record Rule(Predicate<List<String>> when, Fault fault) {
    }

    private final ServerSocket server;
    private final Thread acceptor;
    private final FakeKeys keys = new FakeKeys();
    private final Map<String, Function<Request, Reply>> handlers = new ConcurrentHashMap<>();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Request> accepted = new CopyOnWriteArrayList<>();
    private final List<List<String>> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile String refusal = "";
    private volatile long clock = 1795453187800L;

    private FakeNode(ServerSocket server) {
        this.server = server;
        this.acceptor = Thread.ofPlatform().daemon().unstarted(this::accept);
    }

    /** A node that knows {@code core.ping}. */
    public static FakeNode start() {
        return start(ServerSocketFactory.getDefault(), 0);
    }

    /** A node whose connections are made by a factory, as for TLS, on a port of its own (0) or a given one. */
    public static FakeNode start(ServerSocketFactory factory, int port) {
        try {
            FakeNode node = new FakeNode(factory.createServerSocket(port, 50, InetAddress.getLoopbackAddress()));
            node.on("core.ping", request -> Reply.json("\"PONG Version: test @Revision: 1\""));
            node.acceptor.start();
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public NodeAddress address() {
        return NodeAddress.of("127.0.0.1:" + server.getLocalPort());
    }

    /** Answers a command. */
    public FakeNode on(String command, Function<Request, Reply> handler) {
        handlers.put(command, handler);
        return this;
    }

    /** Orders a fault for the first request that fits. */
    public FakeNode fault(Predicate<List<String>> when, Fault fault) {
        rules.add(new Rule(when, fault));
        return this;
    }

    /** Answers every request with this error from now on; empty for none. */
    public void refuse(String error) {
        refusal = error;
    }

    /** Sets the node's clock, in milliseconds since 1970. */
    public void clock(long millis) {
        clock = millis;
    }

    /** All commands that ran. */
    public List<Request> accepted() {
        return List.copyOf(accepted);
    }

    /** The names of the commands that ran, in order. */
    public List<String> commands() {
        return accepted.stream().map(Request::command).toList();
    }

    /** All Redis requests. */
    public List<List<String>> requests() {
        return List.copyOf(requests);
    }

    public FakeKeys keys() {
        return keys;
    }

    /** Ends all connections, as a restart of the node's proxy does. */
    public void dropConnections() {
        for (Socket socket : sockets) {
            close(socket);
        }
    }

    /** Runs a command inside the node, as the queue does. */
    public Reply run(Request request) {
        return handlers.getOrDefault(request.command(), r -> Reply.unknown()).apply(request);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                List<String> request = Resp.read(in);
                if (request.isEmpty()) {
                    return;
                }
                requests.add(request);
                Rule rule = rules.stream().filter(r -> r.when.test(request)).findFirst().orElse(null);
                if (rule != null && rules.remove(rule)) {
                    if (rule.fault == Fault.HANG) {
                        Resp.read(in);
                    }
                    if (rule.fault == Fault.DROP_AFTER) {
                        answer(request);
                    }
                    return;
                }
                out.write(answer(request).getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            sockets.remove(socket);
        }
    }

    private String answer(List<String> request) throws InterruptedException {
        if (!refusal.isEmpty()) {
            return "-" + refusal + "\r\n";
        }
        List<String> arguments = request.subList(1, request.size());
        return switch (request.getFirst().toUpperCase(Locale.ROOT)) {
            case "PING" -> "+PONG\r\n";
            case "AUTH", "QUIT" -> "+OK\r\n";
            case "RPUSH" -> push(arguments);
            case "BRPOPLPUSH" -> Resp.bulk(keys.rotate(arguments.get(0), seconds(arguments.get(2))));
            case "BLPOP" -> Resp.pair(arguments.get(0), keys.pop(arguments.get(0), seconds(arguments.get(1))));
            case "LRANGE" -> Resp.array(keys.all(arguments.get(0)));
            case "TTL" -> Resp.integer(keys.ttl(arguments.get(0)));
            case "EXISTS" -> Resp.integer(keys.ttl(arguments.get(0)) == -2 ? 0 : 1);
            default -> "-ERR unknown command '" + request.getFirst() + "'\r\n";
        };
    }

    private static double seconds(String text) {
        return Double.parseDouble(text);
    }

    private String push(List<String> arguments) {
        List<String> envelopes = new ArrayList<>(arguments.subList(1, arguments.size()));
        envelopes.forEach(this::take);
        return Resp.integer(envelopes.size());
    }

    private void take(String envelope) {
        JsonNode json = NodeJson.read("an envelope", envelope);
        Request request = new Request(json.path("id").asString(""), json.path("command").asString(""),
                json.path("arguments"), json, 0);
        if (!request.id().isEmpty() && keys.pushOnce("result:" + request.id() + ":flag", "")) {
            accepted.add(request);
            String queue = json.path("queue").asString("");
            if (queue.isEmpty()) {
                Thread.ofVirtual().start(() -> finish(request));
            } else {
                finish(request);
            }
        }
    }

    private void finish(Request request) {
        Reply reply = run(request);
        if (!reply.silent()) {
            keys.expire("result:" + request.id() + ":flag", 300);
            keys.push("result:" + request.id(), reply.envelope(request, clock));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dropConnections();
    }

    /** One request of the Redis protocol, and its answers. */
    private static final class Resp {

        static List<String> read(InputStream in) throws IOException {
            String head = line(in);
            if (head.isEmpty()) {
                return List.of();
            }
            if (!head.startsWith("*")) {
                return Arrays.asList(head.split(" "));
            }
            List<String> items = new ArrayList<>();
            for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
                int length = Integer.parseInt(line(in).substring(1));
                items.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                in.readNBytes(2);
            }
            return items;
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
            return line.toString().strip();
        }

        static String bulk(Optional<String> text) {
            return text.map(t -> "$" + t.getBytes(StandardCharsets.UTF_8).length + "\r\n" + t + "\r\n")
                    .orElse("$-1\r\n");
        }

        static String pair(String key, Optional<String> value) {
            return value.isEmpty() ? "$-1\r\n" : array(List.of(key, value.get()));
        }

        static String array(List<String> items) {
            StringBuilder array = new StringBuilder("*" + items.size() + "\r\n");
            items.forEach(item -> array.append(bulk(Optional.of(item))));
            return array.toString();
        }

        static String integer(long value) {
            return ":" + value + "\r\n";
        }
    }
}
