package zship.deployer.health;

import java.util.List;
import java.util.Optional;

/** What probes ask of the inside of a container. */
public interface Inside {

    /** The output of its services, as far as the node still has it. */
    String output();

    /**
     * Runs a program in it.
     *
     * @param command the program, a path or a name in its PATH, and its arguments
     * @return how it failed; empty when it ended with status 0
     */
    Optional<String> run(List<String> command);

    /** For a service that is only known by its address: there is no output, and nothing can be run. */
    static Inside none() {
        return new Inside() {
            @Override
            public String output() {
                return "";
            }

            @Override
            public Optional<String> run(List<String> command) {
                return Optional.of("there is no container to run it in");
            }
        };
    }
}
