package zship.localnode.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host side of a port forward: {@code [address:]port[|proto[+proto]]}.
 *
 * <p>The address is an IPv4 address, a network or the name of an interface with an optional {@code *}; on a Zero-OS node it
 * filters the peers. The local node listens on 127.0.0.1 only, whatever the address says, and keeps it for display.
 *
 * @param address   the filter; empty for none ({@code 0.0.0.0} is none)
 * @param port      1 to 65535
 * @param protocols {@code tcp} and {@code udp}, in the order given; empty text means tcp was not written
 */
record HostPort(String address, int port, List<String> protocols) {

    private static final Pattern PORT = Pattern.compile("(\\d{1,9}).*");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(\\.\\d{1,3}){3}(/\\d{1,2})?");
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,14}\\*?");

    HostPort {
        protocols = List.copyOf(protocols);
    }

    /** The value of a text; empty when it does not follow the grammar. Garbage behind the digits is ignored. */
    static Optional<HostPort> of(String text) {
        List<String> protocols = new ArrayList<>();
        String rest = text;
        int bar = text.indexOf('|');
        if (bar >= 0) {
            rest = text.substring(0, bar);
            for (String protocol : text.substring(bar + 1).split("\\+", -1)) {
                if (!protocol.equals("tcp") && !protocol.equals("udp") || protocols.contains(protocol)) {
                    return Optional.empty();
                }
                protocols.add(protocol);
            }
        }
        int colon = rest.lastIndexOf(':');
        String address = colon < 0 ? "" : rest.substring(0, colon);
        if (colon >= 0 && !IPV4.matcher(address).matches() && !INTERFACE.matcher(address).matches()) {
            return Optional.empty();
        }
        Matcher digits = PORT.matcher(rest.substring(colon + 1));
        if (!digits.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(digits.group(1));
        return port < 1 || port > 65535
                ? Optional.empty()
                : Optional.of(new HostPort(address.equals("0.0.0.0") ? "" : address, port, protocols));
    }

    /** The protocols to forward. */
    List<String> effectiveProtocols() {
        return protocols.isEmpty() ? List.of("tcp") : protocols;
    }

    /** The form in which container lists show it. */
    @Override
    public String toString() {
        return (address.isEmpty() ? "" : address + ":") + port
                + (protocols.isEmpty() ? "" : "|" + String.join("+", protocols));
    }
}
