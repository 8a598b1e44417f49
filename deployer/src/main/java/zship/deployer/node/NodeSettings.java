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
 * @param trust which certificates are accepted, when the connection is encrypted
 * @param token the JSON web token for {@code AUTH}, when the node belongs to an organisation
 * @param limits how long things may take
 * @param ids makes job ids, each a new one
 * @param time the clock
 */
public record NodeSettings(NodeAddress address, Trust trust, Optional<Secret> token, Limits limits,
        Supplier<String> ids, Time time) {

    /**
     * How long things may take.
     *
     * @param connect one attempt to connect
     * @param accept how long the node may take to accept a command; its original clients wait 10 s
     * @param patience how long a connection that was lost is tried again; a node's proxy comes back after 2.5 s and its
     *     Redis after 2 s (measured on the release of July 2019)
     * @param answer how long an answer may be late; a node's proxy serves 20 calls of all its clients at a time, and the
     *     others wait
     */
    public record Limits(Duration connect, Duration accept, Duration patience, Duration answer) {

        /** 5 s, 10 s, 15 s, 10 s. */
        public static final Limits USUAL = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(10),
                Duration.ofSeconds(15), Duration.ofSeconds(10));

        /** The same with another limit for connecting. */
        public Limits withConnect(Duration value) {
            return new Limits(value, accept, patience, answer);
        }

        /** The same with another limit for accepting. */
        public Limits withAccept(Duration value) {
            return new Limits(connect, value, patience, answer);
        }

        /** The same with another patience. */
        public Limits withPatience(Duration value) {
            return new Limits(connect, accept, value, answer);
        }

        /** The same with another limit for late answers. */
        public Limits withAnswer(Duration value) {
            return new Limits(connect, accept, patience, value);
        }
    }

    /** Usual limits, no token, nobody trusted, random ids, the machine's time. */
    public static NodeSettings of(NodeAddress address) {
        return new NodeSettings(address, new Trust.Nobody(), Optional.empty(), Limits.USUAL,
                () -> UUID.randomUUID().toString(), Time.system());
    }

    /** The same with other certificates accepted. */
    public NodeSettings withTrust(Trust value) {
        return new NodeSettings(address, value, token, limits, ids, time);
    }

    /** The same with a token. */
    public NodeSettings withToken(Secret value) {
        return new NodeSettings(address, trust, Optional.of(value), limits, ids, time);
    }

    /** The same with other limits. */
    public NodeSettings withLimits(Limits value) {
        return new NodeSettings(address, trust, token, value, ids, time);
    }

    /** The same with another limit for connecting. */
    public NodeSettings withConnectTimeout(Duration value) {
        return withLimits(limits.withConnect(value));
    }

    /** The same with another source of job ids. */
    public NodeSettings withIds(Supplier<String> value) {
        return new NodeSettings(address, trust, token, limits, value, time);
    }

    /** The same with another clock. */
    public NodeSettings withTime(Time value) {
        return new NodeSettings(address, trust, token, limits, ids, value);
    }
}
