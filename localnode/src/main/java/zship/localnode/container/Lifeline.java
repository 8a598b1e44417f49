package zship.localnode.container;

import java.util.Optional;
import java.util.stream.Stream;

import zship.localnode.process.ProcessMark;

/**
 * What a container cannot live without.
 *
 * @param init   process 1
 * @param server the process that serves its files; empty when they are all on this machine
 */
record Lifeline(Optional<ProcessMark> init, Optional<ProcessMark> server) {

    static Lifeline of(NodeParts node, Container container) {
        ContainerRecord record = container.record();
        return new Lifeline(record.init(), Stream.concat(Stream.of(record.root()), record.live().mounts().stream())
                .flatMap(root -> node.roots().server(root).stream()).findFirst());
    }

    /** Whether it is cut. */
    boolean isCut() {
        return init.filter(ProcessMark::isAlive).isEmpty() || isWithoutFiles();
    }

    /** Whether the files cannot be read any more. */
    boolean isWithoutFiles() {
        return server.filter(process -> !process.isAlive()).isPresent();
    }
}
