package zship.localnode;

import java.util.Optional;

/**
 * Something a machine must have before a node can run containers.
 *
 * @param name    what it is, in one word
 * @param found   what was found; empty when it is missing
 * @param problem what is missing; empty when nothing is
 * @param remedy  what brings it, usually a command; empty when nothing is missing
 */
public record Prerequisite(String name, String found, Optional<String> problem, String remedy) {

    static Prerequisite met(String name, String found) {
        return new Prerequisite(name, found, Optional.empty(), "");
    }

    static Prerequisite missing(String name, String problem, String remedy) {
        return new Prerequisite(name, "", Optional.of(problem), remedy);
    }
}
