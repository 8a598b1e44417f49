package zship.localnode.resp;

/**
 * Bounds on connections and on what each may send.
 *
 * @param connections  how many there may be at the same time
 * @param arguments    elements of one request
 * @param bulkBytes    bytes of one element
 * @param requestBytes bytes of all elements of one request
 * @param inlineBytes  bytes of a request sent as a line
 * @param pendingBytes bytes of requests that wait for their turn, after which the server stops reading
 */
public record RespLimits(int connections, int arguments, int bulkBytes, int requestBytes, int inlineBytes,
        int pendingBytes) {

    private static final int MOST_CONNECTIONS = 4096;

    /** For commands and results: 16 MiB a request. */
    public static final RespLimits COMMANDS = new RespLimits(MOST_CONNECTIONS, 1024 * 1024, 16 << 20, 16 << 20,
            64 << 10, 4 << 20);

    /** For chunks: a value of 8 MiB, as a 0-db takes it, and 1024 arguments. */
    public static final RespLimits CHUNKS = new RespLimits(MOST_CONNECTIONS, 1024, 8 << 20, (8 << 20) + (1 << 20),
            64 << 10, 16 << 20);
}
