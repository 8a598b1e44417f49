package zship.localnode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A script in Python, written for a Zero-OS node, works over TLS with the redis package of Debian. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PythonClientIT {
    @TempDir
    private Path folder;

    @Test
    void scriptForANodeRunsUnchanged() throws Exception {
        NodeAccess tls = new NodeAccess(true, Optional.empty(), List.of());
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(folder).onAnyPorts().withAccess(tls))) {
            Path flist = BusyboxRoot.pack(node.state(), folder);
            int port = BusyboxRoot.freePort();
            String address = node.state().tlsAddress().orElseThrow();
            String output = run("/usr/bin/python3", script(), address.replaceFirst(".*:", ""), flist.toString(),
                    Integer.toString(port));
            assertThat(output.lines()).containsExactly("PONG", "container running True", "name web",
                    "bash SUCCESS hello",
                    "file hello from base", "stream one two", "served from the flist",
                    "error no container with id '60000'", "unknown UNKNOWN_CMD", "gone True");
            assertThat(Remains.ofContainers(folder)).isEmpty();
        }
    }

    private static String script() throws Exception {
        return Path.of(Objects.requireNonNull(PythonClientIT.class.getResource("/zship/localnode/client.py")).toURI())
                .toString();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
