package zship.localnode.job;

import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

import zship.localnode.process.Launch;

/**
 * A program that answers a command: it is run with the name of a function and the command's arguments as JSON.
 *
 * @param path     the program
 * @param function first argument
 * @param queue    commands of one queue run one after the other; empty for none
 */
public record ProgramCommand(String path, String function, String queue) {

    Launch launch(JsonNode arguments, OutputFiles files) {
        return new Launch(path, List.of(function, GoJson.write(arguments)), "", Map.of(), false, files.stdin(),
                files.stdout(), files.stderr());
    }
}
