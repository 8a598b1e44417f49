package zship.deployer.node;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import zship.deployer.Time;
import zship.flist.Secret;

/**
 * How to talk to a node.
 *
 * @param address where it listens
 * @param token the JSON web token for {@code AUTH}, when the node belongs to an organisation
 * @param connectTimeout how long one attempt to connect may take
 * @param patience how long a connection that was lost is tried again; a node's proxy comes back after 2.5 s and its
 *     Redis after 2 s (measured on the release of July 2019)
 * @param ids makes job ids, each a new one
 * @param time the clock
 */
public record NodeSettings(NodeAddress address, Optional<Secret> token, Duration connectTimeout, Duration patience,
        Supplier<String> ids, Time time) {

    /** Usual settings: 5 s to connect, 15 s of patience, random ids, the machine's time. */
    public static NodeSettings of(NodeAddress address) {
        return new NodeSettings(address, Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(15),
                () -> UUID.randomUUID().toString(), Time.system());
    }

    /** The same with a token. */
    public NodeSettings withToken(Secret value) {
        return new NodeSettings(address, Optional.of(value), connectTimeout, patience, ids, time);
    }

    /** The same with another limit for connecting. */
    public NodeSettings withConnectTimeout(Duration value) {
        return new NodeSettings(address, token, value, patience, ids, time);
    }

    /** The same with another patience for lost connections. */
    public NodeSettings withPatience(Duration value) {
        return new NodeSettings(address, token, connectTimeout, value, ids, time);
    }

    /** The same with another source of job ids. */
    public NodeSettings withIds(Supplier<String> value) {
        return new NodeSettings(address, token, connectTimeout, patience, value, time);
    }

    /** The same with another clock. */
    public NodeSettings withTime(Time value) {
        return new NodeSettings(address, token, connectTimeout, patience, ids, value);
    }
}
