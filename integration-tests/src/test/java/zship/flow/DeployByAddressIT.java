package zship.flow;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.Main;
import zship.cli.session.Terminal;
import zship.localnode.BusyboxRoot;
import zship.localnode.LocalNode;
import zship.localnode.LocalNodeConfig;
import zship.localnode.NodeAccess;
import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** Commands, run inside this process, that name their nodes by address: certificates, output as it comes, several nodes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeployByAddressIT {
    /** Nothing listens there. */
    private static final String SILENT = "127.0.0.1:1";
    private static final String OTHER_CERTIFICATE = " sha256:" + "0".repeat(64) + "\n";

    @TempDir
    static Path folder;

    private static LocalNode node;
    private static Path flist;

    @TempDir
    private Path home;

    @BeforeAll
    static void startNode() throws IOException {
        node = LocalNode.start(LocalNodeConfig.of(folder.resolve("node")).onAnyPorts()
                .withAccess(new NodeAccess(true, Optional.empty(), List.of())));
        flist = BusyboxRoot.pack(node.state(), folder);
    }

    @AfterAll
    static void stopNode() {
        node.stopContainers();
        node.close();
    }

    @Test
    void changedCertificateIsRefusedUntilTheUserSaysWhichWayToTakeIt() throws IOException {
        String address = node.state().tlsAddress().orElseThrow();
        String encrypted = "rediss://" + address;
        assertThat(run("ps", "--node", encrypted).code()).isZero();
        Path pins = home.resolve(".local/state/zship/node-pins");
        String remembered = Files.readString(pins);
        assertThat(remembered).matches(address + " sha256:[0-9a-f]{64}\n");
        Files.writeString(pins, address + OTHER_CERTIFICATE);

        Run refused = run("ps", "--node", encrypted);
        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).contains("its certificate changed: it was sha256:0000", "--accept-new-cert");
        assertThat(run("ps", "--node", encrypted, "--insecure").code()).isZero();
        assertThat(pins).as("nothing is remembered").hasContent(address + OTHER_CERTIFICATE);
        assertThat(run("ps", "--node", encrypted).code()).as("as it is for once").isEqualTo(5);
        assertThat(run("ps", "--node", encrypted, "--accept-new-cert").code()).isZero();
        assertThat(pins).hasContent(remembered);
        assertThat(run("ps", "--node", encrypted).code()).as("from then on").isZero();
    }

    @Test
    void insecureConnectionToANodeNeverSeenIsNotRemembered() {
        assertThat(run("ps", "--node", "rediss://" + node.state().tlsAddress().orElseThrow(), "--insecure").code())
                .isZero();
        assertThat(home.resolve(".local/state/zship/node-pins")).doesNotExist();
    }

    @Test
    void linesOfAProgramComeWhileItRuns() throws IOException {
        String address = node.state().nodeAddress();
        assertThat(deploy("lines", address).code()).isZero();
        try (PipedInputStream printed = new PipedInputStream();
                PipedOutputStream out = new PipedOutputStream(printed)) {
            // Ends only after its first line was read here.
            CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run(new PrintStream(out, true),
                    System.err, "exec", "lines", "--node", address, "--", "/bin/sh", "-c",
                    "echo first; while [ ! -e /go ]; do sleep 0.05; done; echo second; exit 7"));
            BufferedReader lines = new BufferedReader(new InputStreamReader(printed, StandardCharsets.UTF_8));
            assertThat(lines.readLine()).isEqualTo("first");
            assertThat(code).isNotDone();
            assertThat(run("exec", "lines", "--node", address, "--", "/bin/touch", "/go").code()).isZero();
            assertThat(lines.readLine()).isEqualTo("second");
            assertThat(code.join()).as("exit code of the program").isEqualTo(7);
        }
    }

    @Test
    void fleetOfWhichOneNodeFailsEndsWithFourAndTheListOfThose() throws IOException {
        Run run = deploy("partly", node.state().nodeAddress(), SILENT);

        assertThat(run.code()).isEqualTo(4);
        assertThat(run.out()).containsPattern("NODE +RESULT +CONTAINER +DETAIL")
                .containsPattern(node.state().nodeAddress() + " +serves +\\d+ +http://127")
                .containsPattern(SILENT + " +failed +- +");
        assertThat(run.err()).contains("cannot deploy on 1 of 2 nodes").containsPattern("(?m)" + SILENT + ": .+")
                .doesNotContain("not begun");
    }

    @Test
    void fleetWhoseFirstNodeFailsBeginsNoOther() throws IOException {
        Run run = deploy("none", SILENT, node.state().nodeAddress());

        assertThat(run.code()).isEqualTo(3);
        assertThat(run.out()).containsPattern(node.state().nodeAddress() + " +not begun +- +because " + SILENT);
        assertThat(run.err()).contains("cannot deploy on 2 of 2 nodes");
        assertThat(run("ps", "--node", node.state().nodeAddress()).out()).doesNotContain("none");
    }

    @Test
    void fleetTellsEachNodesResultAlsoToPrograms() throws IOException {
        List<String> states = new ArrayList<>();
        JsonNode nodes = deploy("told", List.of("--json"), node.state().nodeAddress(), SILENT).out().lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.path("event").asString().equals("nodes")).findFirst().orElseThrow().path("nodes");
        nodes.forEach(each -> states.add(each.path("node").asString() + " " + each.path("state").asString()));
        assertThat(states).containsExactly(node.state().nodeAddress() + " done", SILENT + " failed");
    }

    private record Run(int code, String out, String err) {
    }

    private Run deploy(String name, String... nodes) throws IOException {
        return deploy(name, List.of(), nodes);
    }

    private Run deploy(String name, List<String> more, String... nodes) throws IOException {
        List<String> command = new ArrayList<>(List.of("deploy", flist.toString(), "--name", name, "--hub",
                node.state().hubUrl(), "--store", node.state().storeUrl(), "-p", FreePort.choose() + ":8000",
                "--timeout", "60s"));
        for (String each : nodes) {
            command.addAll(List.of("--node", each));
        }
        command.addAll(more);
        return run(command.toArray(String[]::new));
    }

    private Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = run(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private int run(PrintStream out, PrintStream err, String... arguments) {
        return Main.run(new Terminal(Map.of("HOME", home.toString(), "PATH", System.getenv("PATH")),
                InputStream.nullInputStream(), out, err, false), arguments);
    }
}
