package zship.deployer.node;

import java.util.Locale;

import zship.deployer.InvalidValueException;

/**
 * Where a node listens: {@code host}, {@code host:port}, {@code [v6]:port}, with an optional scheme {@code redis://}
 * (plain) or {@code rediss://} (TLS). Without a scheme a loopback address is plain, because a Zero-OS node never listens
 * on its caller's loopback, and any other is TLS, because a Zero-OS node speaks TLS from the first byte.
 *
 * @param host a name or an address, without brackets
 * @param port the TCP port, 6379 when not given
 * @param tls whether the connection is encrypted
 */
public record NodeAddress(String host, int port, boolean tls) {

    /** The port a Zero-OS node listens on. */
    public static final int DEFAULT_PORT = 6379;

    private static final String PLAIN = "redis://";
    private static final String ENCRYPTED = "rediss://";

    /**
     * Reads an address.
     *
     * @param text the address as written by a user
     * @throws InvalidValueException when it is not one
     */
    public static NodeAddress of(String text) {
        String rest = text;
        String scheme = "";
        for (String known : new String[]{PLAIN, ENCRYPTED}) {
            if (text.toLowerCase(Locale.ROOT).startsWith(known)) {
                scheme = known;
                rest = text.substring(known.length());
            }
        }
        int colon = rest.lastIndexOf(':');
        boolean bracketed = rest.startsWith("[");
        boolean portGiven = bracketed ? rest.contains("]:") : colon >= 0;
        String host = portGiven ? rest.substring(0, colon) : rest;
        if (bracketed && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":") || host.contains("[")) {
            throw invalid(text, "an IPv6 address needs brackets");
        }
        if (host.isEmpty() || !host.matches("[A-Za-z0-9._:%-]+")) {
            throw invalid(text, "'" + host + "' is not a host name or address");
        }
        int port = portGiven ? port(text, rest.substring(colon + 1)) : DEFAULT_PORT;
        return new NodeAddress(host, port, scheme.isEmpty() ? !isLoopback(host) : scheme.equals(ENCRYPTED));
    }

    /** Whether the host is this machine's loopback, as the local node's is. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /** {@code host:port}. */
    public String hostAndPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return hostAndPort();
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }

    private static int port(String text, String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw invalid(text, "'" + digits + "' is not a port (1 to 65535)");
    }

    private static InvalidValueException invalid(String text, String why) {
        return new InvalidValueException("node address '" + text + "'", why, "write it as HOST or HOST:PORT");
    }
}
