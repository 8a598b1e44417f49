package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.localnode.BusyboxRoot;
import zship.loopback.FreePort;

import static org.assertj.core.api.Assertions.assertThat;

/** The local node of a user who is not root, beside that of root. */
class RootlessIT {
    private static final String APP = "icecast2";

    @TempDir
    private Path folder;
    private OrdinaryUser user;
    private Zship zship;
    private Zship root;
    private int port;

    @BeforeEach
    void users() throws IOException, InterruptedException {
        root = new Zship(folder.resolve("root"), Zship.sharedCache());
        root.ok("node", "start");
        user = new OrdinaryUser(folder);
        zship = user.zship();
        port = FreePort.choose();
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        try {
            zship.close();
            root.close();
            assertThat(OrdinaryUser.processes()).isEmpty();
            assertThat(Leftovers.processesOf(folder)).isEmpty();
            assertThat(Leftovers.mountsBelow(folder)).isEmpty();
        } finally {
            user.close();
        }
    }

    @Test
    void everyCommandWorksWithoutRootAndTheNodesOfTwoUsersStayApart() throws IOException, InterruptedException {
        BuiltRoots.build(root, "slim");
        user.giveCache(Zship.sharedCache(), "zship/packages", "zship/downloads", "zship/build/icecast/slim");
        zship.ok("up", "-p", port + ":8000");
        String address = node(zship).path("nodeAddress").asString();
        assertThat(address).isNotEqualTo(node(root).path("nodeAddress").asString());
        assertServes();
        assertThat(zship.run("exec", APP, "icecast", "-v").out()).contains("Icecast 2");
        assertThat(zship.ok("logs", APP).err()).containsPattern("\\[\\d{4}-\\d\\d-\\d\\d +[\\d:]{8}] \\w+ ");
        assertThat(zship.run("ps", "--node", node(root).path("nodeAddress").asString()).code()).isNotZero();
        assertThat(root.ok("ps", "--json").json().path("containers")).isEmpty();

        assertThat(zship.run("doctor").out()).containsPattern("ok +user namespace")
                .containsPattern("ok +subordinate ids")
                .containsPattern("ok +network").containsPattern("ok +overlay").containsPattern("ok +fuse");

        Zship.Run low = zship.run("port", "add", APP, "80:8000");
        assertThat(low.code()).isEqualTo(1);
        assertThat(low.err()).contains("port 80 is one that only root may open");

        long init = init();
        kill(node(zship).path("pid").asLong());
        zship.ok("node", "start");
        assertThat(init()).isEqualTo(init);
        assertServes();

        zship.ok("redeploy", APP, "-e", "ICECAST_LOCATION=Ghent");
        long replaced = init();
        assertThat(replaced).isNotEqualTo(init);

        // Only the process that serves the files is left in the namespace beside the container.
        kill(Long.parseLong(Files.readAllLines(zship.state().resolve("node/namespace.pid")).getFirst()));
        kill(node(zship).path("pid").asLong());
        zship.ok("node", "start");
        assertThat(init()).isEqualTo(replaced);
        assertServes();
        assertThat(node(zship).path("nodeAddress").asString()).isEqualTo(address);

        zship.ok("rm", APP);
        assertThat(zship.ok("ps", "--json").json().path("containers")).isEmpty();
        zship.ok("node", "stop");
        assertThat(OrdinaryUser.processes()).isEmpty();
        root.ok("node", "status");
    }

    @Test
    void controlGroupsAreMadeBelowTheOneThatTheUserWasGiven() throws IOException, InterruptedException {
        try (DelegatedGroup given = OrdinaryUser.group()) {
            zship = user.zship(given);
            zship.ok("node", "start");
            assertThat(ask("cgroup.ensure", "{\"subsystem\":\"memory\",\"name\":\"small\"}")).contains("SUCCESS");
            String flist = folder.resolve("home/web.flist").toString();
            zship.ok("pack", BusyboxRoot.tree(folder).toString(), "-o", flist, "--store", "local");
            zship.ok("deploy", flist, "--name", "web", "-p", port + ":8000", "--cgroup", "memory/small");
            assertThat(given.members("small"))
                    .contains(zship.ok("inspect", "web", "--json").json().path("pid").asLong());
            zship.ok("node", "stop");
            assertThat(given.made()).isEmpty();
        }
    }

    /** The result of a command that the user sends to his node. */
    private String ask(String command, String arguments) throws IOException, InterruptedException {
        String port = node(zship).path("nodeAddress").asString().replaceFirst(".*:", "");
        OrdinaryUser.runs("redis-cli", "-p", port, "RPUSH", "core:default",
                "{\"id\":\"asked\",\"command\":\"" + command + "\",\"arguments\":" + arguments + "}");
        return OrdinaryUser.runs("redis-cli", "-p", port, "BRPOPLPUSH", "result:asked", "result:asked", "60");
    }

    private static JsonNode node(Zship of) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(of.state().resolve("node/node.json")));
    }

    private long init() throws IOException, InterruptedException {
        return zship.ok("inspect", APP, "--json").json().path("pid").asLong();
    }

    private void assertServes() throws IOException, InterruptedException {
        assertThat(new Icecast(port).get("/status-json.xsl")).isEqualTo(200);
    }

    private static void kill(long pid) throws InterruptedException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }
}
