package zship.flist.store;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A Redis server in memory that once, after so many values, starts again: connections break and everything is gone. */
public final class FrailServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger left;
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();

    /** A server that loses everything right after it acknowledged its value number {@code writes}. */
    public FrailServer(int writes) throws IOException {
        left = new AtomicInteger(writes);
        Thread.ofPlatform().daemon().start(this::serve);
    }

    /** Where it listens. */
    public StoreUrl.Server url() {
        return (StoreUrl.Server) StoreUrl.of("redis://127.0.0.1:" + server.getLocalPort());
    }

    /** How many keys it holds. */
    public int count() {
        return values.size();
    }

    /** Ends so many of the next connections before anything is answered on them. */
    public void refuse(int next) {
        refusals.set(next);
    }

    /** How many connections were made to it. */
    public int connections() {
        return connections.get();
    }

    /** How many keys it was asked for by EXISTS. */
    public int looks() {
        return looks.get();
    }

    /** Breaks all connections and forgets everything. */
    public synchronized void restart() {
        values.clear();
        sockets.forEach(FrailServer::end);
        sockets.clear();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    socket.close();
                    continue;
                }
                sockets.add(socket);
                Thread.ofPlatform().daemon().start(() -> talk(socket));
            } catch (IOException closed) {
                end(server);
            }
        }
    }

    private void talk(Socket socket) {
        try (DataInputStream in = new DataInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream()) {
            while (true) {
                byte[][] words = new byte[number(in)][];
                for (int i = 0; i < words.length; i++) {
                    words[i] = new byte[number(in)];
                    in.readFully(words[i]);
                    in.skipNBytes(2);
                }
                out.write(answer(words).getBytes(StandardCharsets.US_ASCII));
                if (words[0][0] == 'S' && left.decrementAndGet() == 0) {
                    restart();
                }
            }
        } catch (IOException closed) {
            end(socket);
        }
    }

    private synchronized String answer(byte[][] words) {
        String key = words.length > 1 ? Arrays.toString(words[1]) : "";
        return switch (new String(words[0], StandardCharsets.US_ASCII)) {
            case "EXISTS" -> {
                looks.incrementAndGet();
                yield values.containsKey(key) ? ":1\r\n" : ":0\r\n";
            }
            case "SET" -> {
                values.put(key, words[2]);
                yield "+OK\r\n";
            }
            default -> "-ERR unknown command\r\n";
        };
    }

    /** The number behind {@code *} or {@code $}. */
    private static int number(DataInputStream in) throws IOException {
        in.readByte();
        int number = 0;
        for (int next = in.readByte(); next != '\r'; next = in.readByte()) {
            number = number * 10 + next - '0';
        }
        in.readByte();
        return number;
    }

    private static void end(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        end(server);
        restart();
    }
}
