package zship.deployer.node;

import tools.jackson.databind.JsonNode;

/**
 * A socket that listens.
 *
 * @param network {@code tcp}, {@code tcp6}, {@code udp}, {@code udp6} or {@code unix}
 * @param address its address, or the path of a unix socket
 * @param port its port; 0 for a unix socket
 * @param pid the process that holds it; 0 when not known
 */
public record ListeningSocket(String network, String address, int port, long pid) {

    static ListeningSocket parse(JsonNode json) {
        return new ListeningSocket(json.path("network").asString(""),
                json.path("ip").asString(json.path("unix").asString("")), json.path("port").asInt(0),
                json.path("pid").asLong(0));
    }

    /** Whether only the place itself can reach it. */
    public boolean loopbackOnly() {
        return address.startsWith("127.") || address.equals("::1") || network.equals("unix");
    }
}
