package zship.flist.hub;

import java.net.URI;
import java.net.URISyntaxException;

import zship.flist.AddressMask;

/**
 * The address of a hub: {@code http://host[:port]} or {@code https://host[:port]}, without path.
 *
 * @param uri the address without a trailing slash
 */
public record HubUrl(URI uri) {
    /**
     * Parses an address.
     *
     * @throws HubException of kind USAGE when it is no such address
     */
    public static HubUrl of(String text) {
        String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = new URI(bare);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawUserInfo() != null) {
                throw malformed(text, "it is not http://host[:port] or https://host[:port]");
            }
            if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw malformed(text, "it has a query or a fragment");
            }
            return new HubUrl(uri);
        } catch (URISyntaxException e) {
            throw malformed(text, e.getReason());
        }
    }

    /** The download address of an flist. */
    public URI flist(String user, String name) {
        return URI.create(uri + "/" + user + "/" + name);
    }

    @Override
    public String toString() {
        return uri.toString();
    }

    private static HubException malformed(String text, String why) {
        return new HubException(HubException.Kind.USAGE,
                "understand the hub address '" + AddressMask.address(text) + "'", why,
                "write for example https://hub.grid.tf");
    }
}
