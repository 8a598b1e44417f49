package zship.localnode.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.flist.disk.ChangingTree;

/** Listening sockets of a network namespace, from {@code /proc/<pid>/net}. */
public final class Sockets {

    private static final String LISTENING = "0A";
    private static final String UNCONNECTED = "07";
    private static final String ACCEPTING = "00010000";

    /**
     * One listening socket.
     *
     * @param network tcp, tcp6, udp or udp6
     * @param address address it is bound to
     * @param port    port it is bound to
     * @param pid     id on this machine of a process that holds it; 0 when not known
     */
    public record Listener(String network, InetAddress address, int port, long pid) {
    }

    /**
     * One socket with a name in the file system.
     *
     * @param path its name
     * @param pid  id on this machine of a process that holds it; 0 when not known
     */
    public record Named(String path, long pid) {
    }

    private Sockets() {
    }

    /** Listening sockets with a name, in the network namespace of one process. */
    public static List<Named> named(long namespacePid, List<Long> holders) {
        Map<String, Long> owners = owners(holders);
        List<Named> found = new ArrayList<>();
        for (String line : lines(Path.of("/proc/" + namespacePid + "/net/unix"))) {
            String[] fields = line.strip().split("\\s+", 8);
            if (fields.length == 8 && fields[3].equals(ACCEPTING)) {
                found.add(new Named(fields[7], owners.getOrDefault(fields[6], 0L)));
            }
        }
        return found;
    }

    /** What listens in the network namespace of one process; {@code holders} are the processes looked at. */
    public static List<Listener> listeners(long namespacePid, List<Long> holders) {
        Map<String, Long> owners = owners(holders);
        List<Listener> found = new ArrayList<>();
        for (String network : List.of("tcp", "tcp6", "udp", "udp6")) {
            String state = network.startsWith("tcp") ? LISTENING : UNCONNECTED;
            for (String line : lines(Path.of("/proc/" + namespacePid + "/net/" + network))) {
                parse(network, state, line, owners).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<Listener> parse(String network, String state, String line, Map<String, Long> owners) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length < 10 || !fields[3].equals(state)) {
            return Optional.empty();
        }
        String[] local = fields[1].split(":");
        try {
            return Optional.of(new Listener(network, address(local[0]), Integer.parseInt(local[1], 16),
                    owners.getOrDefault(fields[9], 0L)));
        } catch (UnknownHostException malformed) {
            return Optional.empty();
        }
    }

    /** The kernel prints addresses as words in the byte order of the machine. */
    static InetAddress address(String hex) throws UnknownHostException {
        byte[] raw = HexFormat.of().parseHex(hex);
        byte[] ordered = new byte[raw.length];
        for (int i = 0; i < raw.length; i++) {
            ordered[i] = raw[i / 4 * 4 + 3 - i % 4];
        }
        return InetAddress.getByAddress(ordered);
    }

    private static List<String> lines(Path file) {
        try {
            List<String> all = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
            return all.isEmpty() ? all : all.subList(1, all.size());
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static Map<String, Long> owners(List<Long> pids) {
        Map<String, Long> owners = new HashMap<>();
        for (long pid : pids) {
            try {
                for (Path descriptor : ChangingTree.children(Path.of("/proc/" + pid + "/fd"))) {
                    inode(descriptor).ifPresent(inode -> owners.putIfAbsent(inode, pid));
                }
            } catch (IOException gone) {
                continue;
            }
        }
        return owners;
    }

    private static Optional<String> inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Optional.of(target.substring(8, target.length() - 1))
                    : Optional.empty();
        } catch (IOException closed) {
            return Optional.empty();
        }
    }
}
