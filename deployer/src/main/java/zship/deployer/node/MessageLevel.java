package zship.deployer.node;

/** What a message of a job is, by the level numbers of the protocol. */
public enum MessageLevel {
    /** No typed result. */
    NONE(0),
    /** Standard output. */
    STDOUT(1),
    /** Standard error. */
    STDERR(2),
    /** The job's critical message. */
    CRITICAL(9),
    /** A statistics line. */
    STATSD(10),
    /** A JSON result. */
    JSON(20),
    /** A YAML result. */
    YAML(21),
    /** A TOML result. */
    TOML(22),
    /** An HRD result. */
    HRD(23),
    /** A job result. */
    JOB(30),
    /** A number this client does not know. */
    OTHER(-1);

    private final int number;

    MessageLevel(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The level for a number of the protocol. */
    public static MessageLevel of(int number) {
        for (MessageLevel level : values()) {
            if (level.number == number) {
                return level;
            }
        }
        return OTHER;
    }
}
