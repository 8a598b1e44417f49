package zship.deployer.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import zship.deployer.Time;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.Containers;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.Recordings;
import zship.deployer.fake.Reply;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeSettings;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerLivenessTest {

    private final AtomicLong seconds = new AtomicLong();
    private FakeNode node;
    private FakeContainers fake;
    private NodeClient client;
    private int id;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        fake = new FakeContainers(node, entry -> FakeService.icecast("x"));
        client = NodeClient.open(NodeSettings.of(node.address()).withTime(new SteppedTime()));
        id = new Containers(client).create(ContainerSpec.of("http://10.0.0.1/x.flist"));
    }

    @AfterEach
    void stop() {
        client.close();
        fake.close();
        node.close();
    }

    @Test
    void containerThatBootsIsUnknownUntilItAnswers() {
        fake.inside("job.list", r -> Reply.never());
        ContainerLiveness life = new ContainerLiveness(client, id, List.of());
        assertThat(life.check()).isInstanceOf(Liveness.State.Unknown.class);
        assertThat(life.sockets()).isEmpty();
    }

    @Test
    void containerWithARunningServiceIsAlive() {
        assertThat(new ContainerLiveness(client, id, List.of("icecast")).check())
                .isInstanceOf(Liveness.State.Alive.class);
    }

    @Test
    void serviceThatEndedIsDeathEvenBeforeTheContainerAnswers() {
        fake.inside("job.list", r -> Reply.never());
        ContainerLiveness life = new ContainerLiveness(client, id, List.of("icecast"));
        fake.serviceEnded(id, "icecast", Reply.exit(1, "starting\n", "FATAL: no port\n"));

        assertThat(life.check()).isEqualTo(new Liveness.State.Dead(
                "service 'icecast' ended: exit status 1: FATAL: no port", Optional.of("starting\nFATAL: no port")));
    }

    @Test
    void serviceOfAnotherContainerDoesNotCount() {
        fake.serviceEnded(id + 1, "icecast", Reply.exit(1, "", ""));
        assertThat(new ContainerLiveness(client, id, List.of("icecast")).check())
                .isInstanceOf(Liveness.State.Alive.class);
    }

    @Test
    void unknownServiceThatEndsIsNoticedByItsAbsence() {
        ContainerLiveness life = new ContainerLiveness(client, id, List.of());
        assertThat(life.check()).isInstanceOf(Liveness.State.Alive.class);
        fake.inside("job.list", r -> Reply.json("[]"));
        fake.serviceEnded(id, "icecast", Reply.exit(3, "", "boom\n"));
        seconds.addAndGet(2);

        assertThat(life.check()).isInstanceOfSatisfying(Liveness.State.Dead.class,
                dead -> assertThat(dead.why()).isEqualTo("service 'icecast' ended: exit status 3: boom"));
    }

    /** What a health check runs in the container may be among its jobs when these are asked for. */
    @Test
    void commandOfAHealthCheckThatFailsIsNoService() {
        String command = "c3e5428f-fead-45ad-aebf-e5050fea9e90";
        String icecast = "{\"cmd\": {\"id\": \"icecast\"}}";
        fake.inside("job.list", r -> Reply.json("[" + icecast + ", {\"cmd\": {\"id\": \"" + command + "\"}}]"));
        ContainerLiveness life = new ContainerLiveness(client, id, List.of());
        assertThat(life.check()).isInstanceOf(Liveness.State.Alive.class);
        fake.inside("job.list", r -> Reply.json("[" + icecast + "]"));
        fake.serviceEnded(id, command, Reply.exit(1, "", "refused\n"));
        seconds.addAndGet(2);

        assertThat(life.check()).isInstanceOf(Liveness.State.Alive.class);
    }

    @Test
    void serviceThatNeverStartedIsFoundThroughTheStartupFile() {
        fake.inside("job.list", r -> Reply.json("[]")).inside("filesystem.open", r -> Reply.json("\"fd-1\""))
                .inside("filesystem.close", r -> Reply.json("null"));
        String[] blocks = {"W3N0YXJ0dXAubWFpbl0K", ""};
        int[] at = {0};
        fake.inside("filesystem.read", r -> Reply.json("\"" + blocks[at[0]++] + "\""));
        fake.serviceEnded(id, "main", Reply.error(404, "exec: \"/bin/x\": stat /bin/x: no such file or directory"));

        assertThat(new ContainerLiveness(client, id, List.of()).check())
                .isInstanceOfSatisfying(Liveness.State.Dead.class,
                        dead -> assertThat(dead.why()).contains("service 'main' ended").contains("/bin/x"));
    }

    @Test
    void containerThatVanishesIsDeathWithItsEnd() {
        ContainerLiveness life = new ContainerLiveness(client, id, List.of("icecast"));
        fake.vanish(id);
        node.keys().push("result:core-" + id, Recordings.results("corex_killed").stream()
                .filter(r -> r.contains("core-114")).findFirst().orElseThrow());
        seconds.addAndGet(2);

        assertThat(life.check()).isEqualTo(
                new Liveness.State.Dead("the container is gone (ended by a signal)", Optional.empty()));
    }

    @Test
    void lastOutputIsWhatTheServiceSaidLast() {
        fake.inside("core.subscribe", r -> {
            node.keys().push("stream:" + r.id(),
                    "{\"core\":1,\"command\":\"x\",\"message\":{\"message\":\"last words\\n\",\"epoch\":1,\"meta\":65539}}");
            return Reply.never();
        });
        assertThat(new ContainerLiveness(client, id, List.of("icecast")).lastOutput()).hasValue("last words");
    }

    @Test
    void outputIsCopiedOnceAndKeptUntilTheServiceRunsAgain() {
        fake.inside("core.subscribe", r -> {
            node.keys().push("stream:" + r.id(),
                    "{\"core\":1,\"command\":\"x\",\"message\":{\"message\":\"on air\\n\",\"epoch\":1,\"meta\":65537}}");
            return Reply.never();
        });
        Inside inside = new ContainerLiveness(client, id, List.of("icecast")).inside();

        assertThat(inside.output()).isEqualTo("on air\n");
        assertThat(inside.output()).isEqualTo("on air\n");
        assertThat(node.commands().stream().filter("corex.dispatch"::equals)).hasSize(1);
    }

    @Test
    void outputOfAServiceThatDoesNotRunYetIsAskedForAgain() {
        fake.inside("core.subscribe", r -> Reply.error(500, "job 'icecast' does not exist"));
        Inside inside = new ContainerLiveness(client, id, List.of("icecast")).inside();

        assertThat(inside.output()).isEmpty();
        assertThat(inside.output()).isEmpty();
        assertThat(node.commands().stream().filter("corex.dispatch"::equals)).hasSize(2);
    }

    @Test
    void commandSaysHowItFailedAndPassesWithStatusZero() {
        fake.inside("core.system", r -> r.arguments().path("args").path(0).asString("").equals("-q")
                ? Reply.exit(0, "", "")
                : Reply.exit(3, "", "no transmitter\n"));
        Inside inside = new ContainerLiveness(client, id, List.of("icecast")).inside();

        assertThat(inside.run(List.of("/bin/check", "-q"))).isEmpty();
        assertThat(inside.run(List.of("/bin/check"))).hasValue("exit status 3: no transmitter");
        fake.vanish(id);
        assertThat(inside.run(List.of("/bin/check"))).hasValue("container does not exist");
    }

    /** A clock that only a test moves. */
    private final class SteppedTime implements Time {

        @Override
        public Instant now() {
            return Instant.ofEpochSecond(seconds.get());
        }

        @Override
        public long nanos() {
            return Duration.ofSeconds(seconds.get()).toNanos();
        }

        @Override
        public void sleep(Duration duration) {
            seconds.addAndGet(Math.max(1, duration.toSeconds()));
        }
    }
}
