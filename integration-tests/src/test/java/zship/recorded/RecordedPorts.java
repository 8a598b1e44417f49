package zship.recorded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

/** Free ports of this machine for the host ports of a recorded conversation. */
final class RecordedPorts {
    private static final Pattern PORT = Pattern.compile("(?:.*:)?(\\d{4,5})(?:\\|.*)?");

    private static final int LAST = 32_000;
    private static final AtomicInteger NEXT = new AtomicInteger(20_000 + (int) (ProcessHandle.current().pid() % 8000));

    private RecordedPorts() {
    }

    static Map<String, Integer> of(NodeCase recorded) throws IOException {
        Set<String> wanted = new TreeSet<>();
        for (JsonNode step : recorded.steps()) {
            JsonNode arguments = step.path("request").path("arguments");
            List<String> names = new ArrayList<>(arguments.path("port").propertyNames());
            names.add(arguments.path("host_port").asString(""));
            for (String name : names) {
                Matcher port = PORT.matcher(name);
                if (port.matches() && Integer.parseInt(port.group(1)) < 65536) {
                    wanted.add(port.group(1));
                }
            }
        }
        Map<String, Integer> ports = new TreeMap<>();
        for (String port : wanted) {
            ports.put(port, free());
        }
        return ports;
    }

    /** In rising order, below the ports that the system gives to clients, so that nobody takes one meanwhile. */
    private static int free() throws IOException {
        for (int port = NEXT.getAndIncrement(); port < LAST; port = NEXT.getAndIncrement()) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
        throw new IOException("no free port below " + LAST);
    }

    static String replaced(String text, Map<String, Integer> ports) {
        String out = text;
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            out = out.replaceAll("(?<![0-9.])" + port.getKey() + "(?![0-9])", port.getValue().toString());
        }
        return out;
    }
}
