package zship.flow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A node on another machine fetches flist and chunks from this one, which offers them on an address that it can reach. */
class RemoteNodeIT {
    private static final int PORT = 8000;

    @TempDir
    Path folder;

    private Zship zship;
    private FarMachine far;

    @BeforeEach
    void machines() throws IOException, InterruptedException {
        zship = new Zship(folder.resolve("home"), Zship.sharedCache()).with("ZSHIP_NODE", FarMachine.THERE);
        far = FarMachine.start(folder.resolve("far"), PORT);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        far.close();
        zship.close();
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    @Test
    void nodeElsewhereFetchesFromAnAddressItCanReach() throws IOException, InterruptedException {
        zship.ok("node", "start");
        Zship.Run refused = zship.run("up");
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("zship node start --listen");
        assertThat(far.zship().ok("ps", "--json").json().path("containers")).isEmpty();

        zship.ok("node", "stop");
        zship.ok("node", "start", "--listen", FarMachine.HERE);
        assertThat(zship.ok("up").out()).contains("http://" + FarMachine.THERE + ":" + PORT);
        assertThat(status()).isEqualTo(200);

        JsonNode container = zship.ok("inspect", "icecast2", "--json").json();
        assertThat(container.toString()).contains("http://" + FarMachine.HERE + ":").doesNotContain("127.0.0.1");
        assertThat(zship.ok("up").out()).contains("is up to date");
        assertThatNobodyWritesWithoutThePassword();
        zship.ok("rm", "icecast2");
    }

    private void assertThatNobodyWritesWithoutThePassword() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("chunk"), "of somebody else");
        String store = "zdb://" + FarMachine.HERE + ":19900";
        Zship.Run put = far.zship().run("store", "put", store, file.toString());
        assertThat(put.code()).as(put.err()).isNotZero();
        assertThat(put.err()).contains(FarMachine.HERE);
        assertThat(far.zship().ok("store", "ping", store).out()).contains(FarMachine.HERE);
    }

    private static int status() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest
                    .newBuilder(URI.create("http://" + FarMachine.THERE + ":" + PORT + "/status-json.xsl")).build(),
                    HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
