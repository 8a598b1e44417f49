package zship.deployer.node;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import zship.deployer.fake.FakeNode;
import zship.deployer.fake.Reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FactsTest {

    private FakeNode node;
    private NodeClient client;
    private Facts facts;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        client = NodeClient.open(node.address());
        facts = new Facts(client);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    @Test
    void processesAreListedAndSignalled() {
        node.on("process.list", r -> r.arguments().path("pid").isNull()
                ? Reply.json("[{\"pid\":1,\"name\":\"coreX\"},{\"pid\":7,\"ppid\":1,\"cmdline\":\"icecast -c x\"}]")
                : Reply.json("[]"));
        node.on("process.kill", r -> r.arguments().path("pid").asInt() == 7
                ? Reply.json("null")
                : Reply.error(500, "no such process"));

        assertThat(facts.processes()).extracting(ProcessInfo::pid).containsExactly(1L, 7L);
        assertThat(facts.processes().getLast().commandLine()).isEqualTo("icecast -c x");
        assertThat(facts.process(8)).isEmpty();
        facts.signal(7, 15);
        assertThatThrownBy(() -> facts.signal(8, 15)).hasMessageContaining("signal process 8 on node")
                .hasMessageContaining("no such process");
    }

    @Test
    void everyTopicAsksItsCommand() {
        for (Facts.Topic topic : Facts.Topic.values()) {
            String name = topic.name().toLowerCase(java.util.Locale.ROOT);
            node.on("info." + name, r -> Reply.json("{\"topic\":\"" + name + "\"}"));
            assertThat(facts.about(topic).path("topic").asString()).isEqualTo(name);
        }
    }
}
