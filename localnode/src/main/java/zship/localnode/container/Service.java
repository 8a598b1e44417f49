package zship.localnode.container;

import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/**
 * A service of {@code /.startup.toml}.
 *
 * @param key             job id in the container
 * @param command         name of the command it runs
 * @param arguments       arguments, substituted
 * @param after           keys of services that must be running first
 * @param wanted          whether its condition holds
 * @param runningDelay    seconds after which it counts as running; 0 for 2, negative for: when it has ended well
 * @param runningMatch    expression that a message must match for it to count as running; wins over the delay
 * @param recurringPeriod seconds from one end to the next run; 0 for one run
 * @param maxRestart      how often it is run in all when failing
 * @param keepAlive       whether it is run again after every end
 * @param tags            tags of the result
 */
record Service(String key, String command, JsonNode arguments, List<String> after, boolean wanted, long runningDelay,
        Optional<RunningMatch> runningMatch, long recurringPeriod, long maxRestart, boolean keepAlive,
        Optional<List<String>> tags) {
}
