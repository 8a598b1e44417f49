package zship.localnode;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a running node says about itself in {@code node.json}.
 *
 * @param pid         process id of the node
 * @param startedAt   when it started, milliseconds since 1970
 * @param startMark   tells this process from a later one with the same id: boot id and start time in clock ticks
 * @param nodeAddress host and port of the node protocol, such as {@code 127.0.0.1:16379}
 * @param tlsAddress  host and port of the same over TLS; empty when it is not offered
 * @param storeUrl    chunk store, such as {@code zdb://127.0.0.1:19900}
 * @param hubUrl      flist hub, such as {@code http://127.0.0.1:18081}
 * @param offered     address of this machine on which nodes elsewhere find store and hub, at the same ports; empty for
 *                    none
 * @param version     version of the node's program
 */
public record NodeState(long pid, long startedAt, String startMark, String nodeAddress,
        Optional<String> tlsAddress, String storeUrl, String hubUrl, Optional<String> offered,
        String version) {

    /** The chunk store as nodes elsewhere see it; empty when it is not offered. */
    public Optional<String> offeredStoreUrl() {
        return offered.map(address -> storeUrl.replace("127.0.0.1", address));
    }

    /** The flist hub as nodes elsewhere see it; empty when it is not offered. */
    public Optional<String> offeredHubUrl() {
        return offered.map(address -> hubUrl.replace("127.0.0.1", address));
    }

    /** The node of that state folder, when its process is alive. */
    public static Optional<NodeState> read(Path stateDirectory) {
        return StateDirectory.of(stateDirectory).readState().filter(StateDirectory::isAlive);
    }
}
