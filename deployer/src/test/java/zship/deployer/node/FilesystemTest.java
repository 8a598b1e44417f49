package zship.deployer.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import zship.deployer.fake.FakeNode;
import zship.deployer.fake.Reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FilesystemTest {

    private FakeNode node;
    private NodeClient client;
    private Filesystem files;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        client = NodeClient.open(node.address());
        files = new Filesystem(client);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void readTakesPiecesUntilTheEndOrTheLimitAndClosesTheFile() {
        serve("one", "two");
        assertThat(files.read("/etc/motd", 100)).asString().isEqualTo("onetwo");

        serve("one", "two");
        assertThat(files.read("/etc/motd", 4)).asString().isEqualTo("onet");
        assertThat(node.commands().stream().filter("filesystem.close"::equals)).hasSize(2);
    }

    @Test
    void readOfAFileThatCannotBeReadClosesItAllTheSame() {
        serve();
        node.on("filesystem.read", r -> Reply.error(500, "bad file descriptor"));

        assertThatThrownBy(() -> files.read("/bin/cat", 10)).isInstanceOf(NodeException.class)
                .hasMessage("read /bin/cat in node " + node.address() + ": bad file descriptor");
        assertThat(node.commands().getLast()).isEqualTo("filesystem.close");
    }

    @Test
    void writeSendsTheContentInPiecesThatTheNodeTakes() {
        List<String> blocks = new ArrayList<>();
        serve();
        node.on("filesystem.write", r -> {
            blocks.add(r.arguments().path("block").asString());
            return Reply.json("null");
        });
        byte[] content = new byte[300_000];
        content[299_999] = 7;

        files.write("/tmp/x", content);

        assertThat(blocks).hasSize(2);
        assertThat(Base64.getDecoder().decode(blocks.getLast())).hasSize(300_000 - 256 * 1024).endsWith(7);
    }

    @Test
    void changesAreSentAsTheNodeNamesThem() {
        for (String command : List.of("mkdir", "remove", "move", "chmod", "chown")) {
            node.on("filesystem." + command, r -> Reply.json("null"));
        }

        files.makeDirectory("/a/b");
        files.move("/a/b", "/c");
        files.changeMode("/c", 0750, true);
        files.changeOwner("/c", "icecast2", "icecast", false);
        files.remove("/c");

        assertThat(node.accepted()).extracting(r -> r.command() + " " + NodeJson.write(r.arguments())).containsExactly(
                "filesystem.mkdir {\"path\":\"/a/b\"}",
                "filesystem.move {\"path\":\"/a/b\",\"destination\":\"/c\"}",
                "filesystem.chmod {\"path\":\"/c\",\"mode\":488,\"recursive\":true}",
                "filesystem.chown {\"path\":\"/c\",\"user\":\"icecast2\",\"group\":\"icecast\",\"recursive\":false}",
                "filesystem.remove {\"path\":\"/c\"}");
    }

    @Test
    void errorsKeepTheNodesText() {
        node.on("filesystem.list", r -> Reply.error(500, "open /x: no such file or directory"));

        assertThatThrownBy(() -> files.list("/x")).hasMessageContaining("open /x: no such file or directory");
    }

    private void serve(String... pieces) {
        Deque<String> left = new ArrayDeque<>(List.of(pieces));
        node.on("filesystem.open", r -> Reply.json("\"fd-1\"")).on("filesystem.close", r -> Reply.json("null"))
                .on("filesystem.read", r -> Reply.json("\"" + (left.isEmpty() ? "" : base64(left.pop())) + "\""));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
