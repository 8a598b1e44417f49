package zship.cli;

import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.RolloutConfig;

/** The options for how an application is brought to its nodes. */
final class RolloutOptions {
    @Option(names = "--parallel", paramLabel = "N", description = "how many nodes are changed at a time, once the first one serves (default: 4)")
    private Optional<Integer> parallel = Optional.empty();

    @Option(names = "--drain", paramLabel = "TIME", description = "how long the old container lives on after the port moved, for connections that are open")
    private Optional<String> drain = Optional.empty();

    RolloutConfig config() {
        return new RolloutConfig(Optional.empty(), parallel, drain);
    }
}
