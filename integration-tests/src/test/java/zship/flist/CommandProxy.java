package zship.flist;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a store: each command takes its time, one after the other on each connection, and a connection
 * breaks after some commands. Also a program of its own, for benchmarks: {@code java CommandProxy.java PORT MILLISECONDS}.
 */
final class CommandProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final int target;
    private final Duration delay;
    private final int commands;

    /** A proxy for the store on port {@code target}, whose connections break instead of answering the next command. */
    CommandProxy(int target, Duration delay, int commands) throws IOException {
        this.target = target;
        this.delay = delay;
        this.commands = commands;
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    public static void main(String[] arguments) throws Exception {
        Duration delay = Duration.ofMillis(Integer.parseInt(arguments[1]));
        try (CommandProxy proxy = new CommandProxy(Integer.parseInt(arguments[0]), delay, Integer.MAX_VALUE)) {
            System.out.println(proxy.port());
            Thread.currentThread().join();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections have been made. */
    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The listener was closed, which is how this ends.
            assert listener.isClosed() : e;
        }
    }

    private void serve(Socket client) {
        try (client; Socket store = new Socket(InetAddress.getLoopbackAddress(), target)) {
            InputStream requests = new BufferedInputStream(client.getInputStream(), 1 << 16);
            OutputStream answers = new BufferedOutputStream(client.getOutputStream());
            InputStream fromStore = new BufferedInputStream(store.getInputStream(), 1 << 16);
            client.setTcpNoDelay(true);
            store.setTcpNoDelay(true);
            for (int i = 0; i < commands; i++) {
                byte[] request = message(requests);
                Thread.sleep(delay);
                store.getOutputStream().write(request);
                answers.write(message(fromStore));
                if (requests.available() == 0 || delay.isPositive()) {
                    answers.flush();
                }
            }
            answers.flush();
        } catch (IOException e) {
            // One of the two has gone; the other one is told by closing.
            connections.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request or answer of the Redis protocol, with what is nested in it. */
    private static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copy(in, bytes);
        return bytes.toByteArray();
    }

    private static void copy(InputStream in, ByteArrayOutputStream bytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            line.write(next);
            next = in.read();
        }
        line.write('\n');
        line.writeTo(bytes);
        String text = line.toString(StandardCharsets.US_ASCII).strip();
        if (text.startsWith("$") && !text.equals("$-1")) {
            int length = Integer.parseInt(text.substring(1)) + 2;
            bytes.write(in.readNBytes(length));
        } else if (text.startsWith("*")) {
            for (int i = Integer.parseInt(text.substring(1)); i > 0; i--) {
                copy(in, bytes);
            }
        }
    }
}
