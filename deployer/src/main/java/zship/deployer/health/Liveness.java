package zship.deployer.health;

import java.util.List;
import java.util.Optional;

/** Whether the thing behind a port is alive, asked between probes. */
public interface Liveness {

    /** What is known. */
    sealed interface State {

        /** Nothing speaks against it, but nothing has answered yet. */
        record Unknown() implements State {
        }

        /** It answered, and its services run. */
        record Alive() implements State {
        }

        /**
         * It is dead, and waiting is in vain.
         *
         * @param why what ended, and how
         * @param output its last output, when there is any
         */
        record Dead(String why, Optional<String> output) implements State {
        }
    }

    /** Looks, without waiting. */
    State check();

    /** The inside of the container, for checks that look there. */
    Inside inside();

    /** Its last output so far, for a report. */
    Optional<String> lastOutput();

    /** What listens inside, as {@code tcp 0.0.0.0:80}, for a report; empty when it cannot be asked. */
    Optional<List<String>> sockets();
}
