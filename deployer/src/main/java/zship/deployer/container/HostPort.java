package zship.deployer.container;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.deployer.InvalidValueException;

/**
 * A port of the node that leads into a container, in the node's grammar: {@code [source:]port[|proto[+proto]]}. The
 * source is no listening address: an IPv4 address or network filters the address of the peer, an interface name
 * (optionally ending in {@code *}) filters where the traffic comes in. {@code 0.0.0.0} means no filter. A node ignores
 * garbage after the digits ({@code 80x}); this type does not.
 *
 * @param source the filter, empty for none
 * @param port the port, 1 to 65535
 * @param protocols {@code tcp}, {@code udp} or both, in the order given
 */
public record HostPort(Optional<String> source, int port, List<String> protocols) {

    private static final String TCP = "tcp";
    private static final Set<String> KNOWN = Set.of(TCP, "udp");
    private static final Pattern FORM = Pattern.compile("(?:([^:|]*):)?([0-9]{1,5})(?:\\|([a-z+]*))?");
    private static final Pattern NETWORK = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})"
            + "(?:/([0-9]{1,2}))?");
    private static final Pattern INTERFACE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,14}\\*?");

    /** Checks the rules. */
    public HostPort {
        protocols = List.copyOf(new LinkedHashSet<>(protocols));
        String text = text(source, port, protocols);
        if (port < 1 || port > 65535) {
            throw invalid(text, "a port is 1 to 65535");
        }
        if (protocols.isEmpty() || !KNOWN.containsAll(protocols)) {
            throw invalid(text, "a protocol is tcp, udp or tcp+udp");
        }
        if (source.isPresent() && !isNetwork(source.get()) && !INTERFACE.matcher(source.get()).matches()) {
            throw invalid(text, "'" + source.get() + "' is neither an IPv4 address or network nor an interface name");
        }
    }

    /**
     * Reads the node's form.
     *
     * @throws InvalidValueException when it is not that
     */
    public static HostPort of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw invalid(text, "it is not of the form [SOURCE:]PORT[|PROTO]");
        }
        Optional<String> source = Optional.ofNullable(form.group(1)).filter(s -> !s.equals("0.0.0.0"));
        List<String> protocols = form.group(3) == null ? List.of(TCP) : Arrays.asList(form.group(3).split("\\+", -1));
        return new HostPort(source, Integer.parseInt(form.group(2)), protocols);
    }

    /** A TCP port without a filter. */
    public static HostPort of(int port) {
        return new HostPort(Optional.empty(), port, List.of(TCP));
    }

    /** The same with another number. */
    public HostPort withPort(int value) {
        return new HostPort(source, value, protocols);
    }

    /** Whether a TCP client from anywhere can use it. */
    public boolean isPublicTcp() {
        return source.isEmpty() && protocols.contains(TCP);
    }

    /** The form the node reports. */
    @Override
    public String toString() {
        return text(source, port, protocols);
    }

    private static String text(Optional<String> source, int port, List<String> protocols) {
        String suffix = protocols.equals(List.of(TCP)) ? "" : "|" + String.join("+", protocols);
        return source.map(s -> s + ":").orElse("") + port + suffix;
    }

    private static boolean isNetwork(String text) {
        Matcher network = NETWORK.matcher(text);
        if (!network.matches()) {
            return false;
        }
        for (int i = 1; i <= 4; i++) {
            if (Integer.parseInt(network.group(i)) > 255) {
                return false;
            }
        }
        return network.group(5) == null || Integer.parseInt(network.group(5)) <= 32;
    }

    private static InvalidValueException invalid(String text, String why) {
        return new InvalidValueException("host port '" + text + "'", why,
                "write it as 8000, 8000|udp, 10.0.0.0/24:8000 or eth0:8000");
    }
}
