package zship.localnode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import zship.localnode.mount.RootMode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is mounted in a container counts as what is in its root. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MountsIT extends RunningNode {
    private Path flist;
    private Path app;

    @BeforeEach
    void start() throws IOException {
        open(RootMode.LAZY);
        flist = BusyboxRoot.pack(node.state(), folder, "");
        app = Files.createDirectories(folder.resolve("app/sub")).getParent();
        script(app.resolve("say"), "echo said $* in $(pwd)");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private JsonNode run(int id, Map<String, ?> arguments) {
        return queue.inside(id, "core.system", arguments);
    }

    private String printed(int id, Map<String, ?> arguments) {
        JsonNode result = run(id, arguments);
        assertThat(result.get("state").stringValue()).as(result.toString()).isEqualTo("SUCCESS");
        return result.get("streams").get(0).stringValue();
    }

    @Test
    void programsAndDirectoriesInMountsAreFound() throws Exception {
        Path tool = folder.resolve("one-file");
        script(tool, "echo one file");
        Files.writeString(app.resolve("text"), "no program");
        int id = queue.create(Map.of("root", flist.toString(), "env", Map.of("PATH", "/opt/app:/bin"), "mount",
                Map.of(app.toString(), "/opt/app", tool.toString(), "/sbin/tool", "file://" + flist, "/other")));
        assertThat(printed(id, Map.of("name", "/opt/app/say", "args", List.of("hello")))).isEqualTo(
                "said hello in /\n");
        assertThat(printed(id, Map.of("name", "say", "dir", "/opt/app/sub"))).isEqualTo("said in /opt/app/sub\n");
        assertThat(printed(id, Map.of("name", "/sbin/tool"))).isEqualTo("one file\n");
        assertThat(printed(id, Map.of("name", "/other/bin/cat", "args", List.of("etc/motd"), "dir", "/other")))
                .isEqualTo("hello from base\n");
        assertThat(run(id, Map.of("name", "/opt/app/text")).get("data").stringValue())
                .isEqualTo("fork/exec /opt/app/text: permission denied");
        assertThat(run(id, Map.of("name", "/opt/app/none")).get("code").asInt()).isEqualTo(404);
    }

    @Test
    void flistIsMadeOfWhatIsMounted() throws Exception {
        int id = queue.create(Map.of("root", flist.toString(), "mount", Map.of(app.toString(), "/opt/app")));
        Path made = made(id, "/opt/app");
        int second = queue.create(Map.of("root", flist.toString(), "mount", Map.of("file://" + made, "/made")));
        assertThat(printed(second, Map.of("name", "/made/say", "dir", "/made/sub"))).isEqualTo("said in /made/sub\n");
    }

    private Path made(int id, String source) throws IOException {
        Path made = Files.createTempDirectory(folder, "made").resolve("made.flist");
        JsonNode result = queue.run("corex.flist.create", Map.of("container", id, "flist", made.toString(), "storage",
                node.state().storeUrl(), "src", source));
        assertThat(NodeQueue.data(result).stringValue()).isEqualTo(made.toString());
        return made;
    }

    @Test
    void flistOfTheWholeRootHasNothingOfTheMounts() throws Exception {
        int id = queue.create(Map.of("root", flist.toString(), "mount", Map.of(app.toString(), "/opt/app")));
        Path made = made(id, "/");
        int second = queue.create(Map.of("root", flist.toString(), "mount", Map.of("file://" + made, "/made")));
        assertThat(queue.shell(second, "cd /made; ls proc sys dev opt/app; cat etc/motd"))
                .isEqualTo("dev:\n\nopt/app:\n\nproc:\n\nsys:\nhello from base\n");
    }

    @Test
    void whoSharesTheMountStandsStillWhileAnFlistIsMadeOfIt() throws Exception {
        Map<String, String> mount = Map.of(app.toString(), "/opt/app");
        int id = queue.create(Map.of("root", flist.toString(), "mount", mount));
        int sharing = queue.create(Map.of("root", flist.toString(), "mount",
                Map.of(app.resolve("sub").toString(), "/sub")));
        int other = queue.create(Map.of("root", flist.toString()));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            queue.send("make", "corex.flist.create", Map.of("container", id, "flist",
                    folder.resolve("made.flist").toString(), "storage", "zdb://127.0.0.1:" + silent.getLocalPort(),
                    "src", "/opt/app"));
            try (Socket asked = silent.accept()) {
                assertThat(asked.isConnected()).isTrue();
                assertThat(run(sharing, Map.of("name", "true")).get("data").stringValue()).contains("paused");
                assertThat(queue.shell(other, "echo goes on")).isEqualTo("goes on\n");
            }
        }
        assertThat(queue.result("make").get("state").stringValue()).isEqualTo("ERROR");
        assertThat(queue.shell(id, "echo again")).isEqualTo("again\n");
        assertThat(queue.shell(sharing, "echo again")).isEqualTo("again\n");
    }

    @Test
    void servicesAndCommandsOfMountedFilesCount() throws Exception {
        Path startup = Files.writeString(folder.resolve("services.toml"), """
                [startup.mounted]
                name = "core.system"
                [startup.mounted.args]
                name = "/opt/app/say"
                args = ["service"]
                """);
        Path plugin = Files.writeString(folder.resolve("commands.toml"), """
                [plugin.radio]
                path = "/opt/app/say"
                exports = ["tune"]
                """);
        int id = queue.create(Map.of("root", flist.toString(), "mount", Map.of(app.toString(), "/opt/app",
                startup.toString(), "/.startup.toml", plugin.toString(), "/.plugin.toml")));
        assertThat(queue.result("mounted").get("streams").get(0).stringValue()).isEqualTo("said service in /\n");
        assertThat(queue.inside(id, "radio.tune", Map.of("station", 7)).get("streams").get(0).stringValue())
                .isEqualTo("said tune {\"station\":7} in /\n");
    }

    @Test
    void linksInMountsLeadNowhereElse() throws Exception {
        Path secret = Files.createDirectories(folder.resolve("secret/etc")).getParent();
        script(secret.resolve("program"), "echo secret");
        Files.createSymbolicLink(app.resolve("program"), secret.resolve("program"));
        Files.createSymbolicLink(app.resolve("folder"), secret);
        Files.createSymbolicLink(app.resolve("up"), Path.of("../../.." + secret));
        int id = queue.create(Map.of("root", flist.toString(), "mount", Map.of(app.toString(), "/opt/app")));
        for (String name : List.of("/opt/app/program", "/opt/app/folder/program", "/opt/app/up/program",
                "/../../.." + secret + "/program", "/proc/1/root" + secret + "/program")) {
            assertThat(run(id, Map.of("name", name)).get("code").asInt()).as(name).isEqualTo(404);
        }
        for (String directory : List.of("/opt/app/folder", "/opt/app/up", secret.toString(), "/proc/1/cwd")) {
            assertThat(run(id, Map.of("name", "ls", "dir", directory)).get("data").stringValue()).as(directory)
                    .isEqualTo("fork/exec /bin/ls: no such file or directory");
            assertThat(NodeQueue.data(queue.run("corex.flist.create", Map.of("container", id, "flist",
                    folder.resolve("made.flist").toString(), "storage", node.state().storeUrl(), "src", directory)))
                    .stringValue()).contains(directory);
        }
        assertThat(folder.resolve("made.flist")).doesNotExist();
    }
}
