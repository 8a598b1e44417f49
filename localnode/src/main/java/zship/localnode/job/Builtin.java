package zship.localnode.job;

import tools.jackson.databind.JsonNode;

/** A command that the node answers itself. */
@FunctionalInterface
public interface Builtin {

    /**
     * Runs it.
     *
     * @param  arguments            what the command was given
     * @return                      the JSON value of the result
     * @throws CommandException     when it fails
     * @throws InterruptedException when the node stops meanwhile
     */
    JsonNode run(Arguments arguments) throws CommandException, InterruptedException;
}
