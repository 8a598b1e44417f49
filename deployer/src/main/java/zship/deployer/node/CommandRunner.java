package zship.deployer.node;

import java.time.Duration;

/** Something that runs commands: a node, or the inside of one container. */
public interface CommandRunner {

    /**
     * Submits a command.
     *
     * @param command the command
     * @return its job
     * @throws NodeException when it cannot be handed over
     */
    Job submit(Command command);

    /** Where the commands run, for messages, such as {@code node 10.0.0.5:6379} or {@code container 3}. */
    String place();

    /**
     * Runs a command to its end, however it ends.
     *
     * @param command the command
     * @param timeout how long it may take
     * @return its result, successful or not
     * @throws NodeException when there is no result in time
     */
    default JobResult run(Command command, Duration timeout) {
        return submit(command).await(timeout);
    }
}
