package zship.deployer.node;

import java.nio.file.Path;

/**
 * Which TLS certificates of a node are accepted. A node makes a self-signed certificate anew at every boot, so no
 * authority can vouch for it: what can be known is whether it is the one seen before.
 */
public sealed interface Trust {

    /** None: an encrypted connection is refused until something else is chosen. */
    record Nobody() implements Trust {
    }

    /**
     * The first one seen, which is then remembered; another one later is refused.
     *
     * @param pins the file that remembers them
     */
    record FirstUse(Path pins) implements Trust {
    }

    /**
     * The one seen now, which replaces the one remembered.
     *
     * @param pins the file that remembers them
     */
    record AcceptNew(Path pins) implements Trust {
    }

    /** Any, without remembering: protects against listening, not against somebody in between. */
    record Anyone() implements Trust {
    }
}
