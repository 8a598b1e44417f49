package zship.deployer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.Containers;
import zship.deployer.container.EnvVar;
import zship.deployer.container.Nic;
import zship.deployer.container.PortMapping;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.Recordings;
import zship.deployer.fake.Reply;
import zship.deployer.fake.Request;
import zship.deployer.health.ContainerLiveness;
import zship.deployer.health.Liveness;
import zship.deployer.node.Command;
import zship.deployer.node.Filesystem;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;
import zship.deployer.node.NodeJson;
import zship.deployer.node.NodeSettings;
import zship.deployer.rollout.App;
import zship.deployer.rollout.Rollout;
import zship.deployer.rollout.RolloutEvent;
import zship.deployer.rollout.RolloutSettings;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a node of July 2019 does that no client expects, one test each; all of it was measured on a real one. */
class NodeTrapsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ContainerSpec SPEC = ContainerSpec.of("/var/flists/radio.flist")
            .withName(ContainerName.of("radio"));
    private static final Reply ENDED = Reply.exit(1, "", "FATAL\n");

    @TempDir
    Path state;

    private final List<RolloutEvent> events = new ArrayList<>();
    private FakeNode node;
    private FakeContainers fake;
    private NodeClient client;
    private Containers containers;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        fake = new FakeContainers(node, entry -> FakeService.icecast("x"));
        client = NodeClient.open(NodeSettings.of(node.address())
                .withLimits(NodeSettings.Limits.USUAL.withAccept(Duration.ofSeconds(1))));
        containers = new Containers(client);
    }

    @AfterEach
    void stop() {
        client.close();
        fake.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch://10.0.0.1:9900", "10.0.0.1:9900", "zdb:/10.0.0.1", ""})
    void storageOnWhichCreateWouldHangIsNeverSent(String storage) {
        assertThatThrownBy(() -> SPEC.withStorage(storage)).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("hangs on anything else");
    }

    @Test
    void createThatNeverReturnsEndsAtItsDeadlineAndIsNotRepeated() {
        node.on("corex.create", r -> Reply.never());
        node.on("corex.get",
                r -> Reply.json("{\"id\":4,\"container\":{\"pid\":0,\"arguments\":{\"name\":\"radio\"}}}"));

        assertThatThrownBy(() -> containers.create(SPEC, "once", Duration.ofSeconds(1)))
                .isInstanceOf(NodeException.class).hasMessageContaining("registered but never started");
        assertThat(node.commands().stream().filter("corex.create"::equals)).hasSize(1);
    }

    @Test
    void createThatSucceedsAlthoughTheContainerIsGoneIsAFailedDeployment() {
        node.on("corex.create", r -> {
            node.keys().push("result:core-9", Recordings.results("create_dies_at_boot").stream()
                    .filter(text -> text.contains("\"id\":\"core-")).findFirst().orElseThrow());
            return Reply.json("9");
        });

        assertThatThrownBy(() -> rollout().apply(App.of(SPEC, ""))).isInstanceOf(NodeException.class)
                .hasMessageContaining("container 9 ended at once: exit status");
    }

    @Test
    void portsWithoutADefaultInterfaceAreRefusedBecauseANodeIgnoresThem() {
        assertThatThrownBy(() -> SPEC.withPort(PortMapping.of("8000:80")).withNics(List.of()))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("default network");
    }

    @Test
    void serviceThatIsDeadInALivingContainerIsNoticed() {
        int id = containers.create(SPEC);
        fake.serviceEnded(id, "main", ENDED);

        assertThat(new ContainerLiveness(client, id, List.of("main")).check())
                .isInstanceOfSatisfying(Liveness.State.Dead.class,
                        dead -> assertThat(dead.why()).isEqualTo("service 'main' ended: exit status 1: FATAL"));
    }

    @Test
    void containerThatVanishesSilentlyIsToldWithItsExitStatus() {
        int id = containers.create(SPEC);
        fake.vanish(id);
        node.keys().push("result:core-" + id, Recordings.results("corex_killed").stream()
                .filter(text -> text.contains("4294967295")).findFirst().orElseThrow());

        assertThat(containers.get(id)).isEmpty();
        assertThat(containers.endOf(id).orElseThrow().failure()).isEqualTo("ended by a signal");
        assertThatThrownBy(() -> containers.dispatch(id, Command.of("core.ping")))
                .hasMessageContaining("container does not exist");
    }

    @Test
    void terminateWaitsForTheContainerAndIsSentAgainWhenItsSignalWasLost() {
        int id = containers.create(SPEC);
        AtomicInteger sent = new AtomicInteger();
        node.on("corex.terminate", r -> {
            if (sent.incrementAndGet() == 1) {
                return Reply.never();
            }
            fake.vanish(id);
            return Reply.json("null");
        });

        containers.terminate(id, LONG);

        assertThat(node.commands()).containsSubsequence("corex.dispatch", "corex.terminate", "corex.terminate");
        assertThat(node.accepted().stream().filter(r -> r.command().equals("corex.terminate")).map(Request::id))
                .doesNotHaveDuplicates();
    }

    @Test
    void oldContainerHasItsDrainTimeBeforeTheNodeKillsItWithoutGrace() {
        rollout().apply(App.of(SPEC, "one"));
        List<Integer> duringDrain = new ArrayList<>();
        PausedTime time = new PausedTime(pause -> {
            if (pause.equals(Duration.ofSeconds(77))) {
                fake.entries().forEach(entry -> duringDrain.add(entry.id()));
            }
        });
        try (NodeClient paused = NodeClient.open(NodeSettings.of(node.address()).withTime(time))) {
            new Rollout(paused, RolloutSettings.of(state).withDrain(Duration.ofSeconds(77)), events::add)
                    .apply(App.of(SPEC, "two"));
        }

        assertThat(duringDrain).containsExactly(1, 2);
        assertThat(fake.only().id()).isEqualTo(2);
    }

    @Test
    void createRetriedWithItsIdMakesOneContainerAlthoughNamesAreNotUnique() {
        node.fault(r -> r.getFirst().equals("RPUSH"), FakeNode.Fault.DROP_AFTER);
        int first = containers.create(SPEC, "deployment-1", LONG);

        assertThat(containers.create(SPEC, "deployment-1", LONG)).isEqualTo(first);
        assertThat(fake.entries()).hasSize(1);
    }

    @Test
    void resultPostedWithoutAFlagAfterARestartOfRedisIsFound() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        node.on("slow", r -> {
            running.countDown();
            return Reply.never();
        });
        node.on("job.list", r -> {
            node.keys().push("result:job-8", Recordings.results("bash_ok").getFirst());
            return Reply.json("[{\"cmd\":{\"id\":\"job-8\"}}]");
        });
        Job job = client.submit(Command.of("slow").withId("job-8"));
        running.await();
        node.keys().clear();

        assertThat(job.await(LONG).success()).isTrue();
    }

    @Test
    void resultOutlivesTheEndOfAllConnections() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch reset = new CountDownLatch(1);
        node.on("slow", r -> {
            running.countDown();
            await(reset);
            return Reply.json("1");
        });
        Job job = client.submit(Command.of("slow"));
        running.await();
        node.dropConnections();
        reset.countDown();

        assertThat(job.await(LONG).json().asInt()).isEqualTo(1);
    }

    @Test
    void commandThatVanishesIsToldByItsMissingFlag() {
        node.on("job.list", r -> Reply.error(500, "Process with id 'x' doesn't exist"));
        Job job = client.submit(Command.of("core.ping").withId("vanished"));
        job.await(LONG);
        node.keys().clear();

        assertThatThrownBy(() -> job.await(LONG)).hasMessageContaining("did not accept the command within 1 s");
    }

    @Test
    void listThatFailsAsAWholeIsReplacedByFind() {
        containers.create(SPEC);
        node.on("corex.list", r -> Reply.recorded(Recordings.results("list_foreign_nft_rule").stream()
                .filter(text -> text.contains("corex.list") && text.contains("\"ERROR\"")).findFirst().orElseThrow()));

        assertThat(containers.list()).extracting(c -> c.name()).containsExactly("radio");
    }

    @Test
    void healthIsAskedAtTheNodesOwnAddressBecauseForwardsWorkFromOutsideOnly() {
        try (NodeClient remote = NodeClient.open(elsewhere())) {
            new Rollout(remote, RolloutSettings.of(state), events::add).apply(served(freePort()));
        }

        assertThat(events).filteredOn(e -> e instanceof RolloutEvent.Finished)
                .singleElement().satisfies(e -> assertThat(e.toString()).contains("http://0.0.0.0:"));
    }

    @Test
    void hostPortThatNobodyCouldUseOrThatWouldCutTheNodeOffIsRefused() {
        try (NodeClient remote = NodeClient.open(elsewhere())) {
            Rollout rollout = new Rollout(remote, RolloutSettings.of(state), events::add);
            App loopback = App.of(SPEC.withPort(PortMapping.of("127.0.0.1:8000:80")), "");
            App own = App.of(SPEC.withPort(PortMapping.of(node.address().port() + ":80")), "");

            assertThatThrownBy(() -> rollout.apply(loopback)).hasMessageContaining("filters who may connect");
            assertThatThrownBy(() -> rollout.apply(own)).hasMessageContaining("would cut the node off");
        }
        assertThat(fake.entries()).isEmpty();
    }

    @Test
    void streamHasTheWholeOutputOfWhichAResultKeepsOnlyTheEnd() {
        node.on("core.system", r -> {
            for (int i = 0; i < 300; i++) {
                node.keys().push("stream:" + r.id(), message("line " + i, i == 299 ? 65539 : 65537));
            }
            return Reply.exit(0, "line 299", "");
        });
        StringBuilder whole = new StringBuilder();
        Job job = client.submit(Containers.systemCommand(List.of("/bin/count")).streaming());

        assertThat(job.stream(Optional.of(LONG), item -> whole.append(item.text()))).isTrue();
        assertThat(whole).startsWith("line 0").endsWith("line 299");
    }

    @Test
    void binaryContentIsReadThroughTheFilesystemBecauseOutputDestroysIt() {
        node.on("filesystem.open", r -> Reply.json("\"fd\"")).on("filesystem.close", r -> Reply.json("null"));
        AtomicInteger reads = new AtomicInteger();
        node.on("filesystem.read", r -> Reply.json(reads.incrementAndGet() == 1 ? "\"AP+A\"" : "\"\""));

        assertThat(new Filesystem(client).read("/bin/x", 100)).containsExactly(0, 0xff, 0x80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\\"x", "{", "nonsense", "\\\"ok\\\""})
    void programThatPrintsAResultOfItsOwnBreaksNothing(String printed) {
        JobResult result = JobResult.parse("{\"id\":\"a\",\"command\":\"bash\",\"data\":\"" + printed
                + "\",\"streams\":[\"out\",\"\"],\"level\":20,\"state\":\"ERROR\",\"code\":1003}");

        assertThatCode(result::failure).doesNotThrowAnyException();
        assertThat(result.output().stdout()).isEqualTo("out");
        assertThat(result.code().exitStatus()).hasValue(3);
    }

    @Test
    void noCallBlocksTheNodeForLongAndNoneForEver() {
        node.on("slow", r -> Reply.never());
        assertThat(client.submit(Command.of("slow")).tryAwait(Duration.ofSeconds(1))).isEmpty();
        containers.create(SPEC);

        assertThat(node.requests()).filteredOn(r -> List.of("BRPOPLPUSH", "BLPOP").contains(r.getFirst()))
                .isNotEmpty().allSatisfy(r -> assertThat(Double.parseDouble(r.getLast())).isBetween(1.0, 10.0));
    }

    @Test
    void createThatFailedIsTriedAgainUnderANewId() {
        List<Request> creates = new CopyOnWriteArrayList<>();
        node.on("corex.create", r -> {
            creates.add(r);
            return creates.size() == 1
                    ? Reply.recorded(Recordings.results("create_404").getFirst())
                    : Reply.json("7");
        });
        node.on("corex.get", r -> r.arguments().path("query").isString() || creates.size() < 2
                ? Reply.json("null")
                : Reply.json("{\"id\":7,\"container\":{\"pid\":9,\"arguments\":{\"tags\":"
                        + NodeJson.write(creates.getLast().envelope().path("tags")) + "}}}"));
        node.on("corex.dispatch", r -> {
            node.keys().push("result:inner", Reply.json("[]").envelope(new Request("inner", "job.list", r.arguments(),
                    r.envelope(), 7)));
            return Reply.json("\"inner\"");
        });

        assertThatThrownBy(() -> rollout().apply(App.of(SPEC, ""))).hasMessageContaining("mount-root-flist(");
        assertThat(rollout().apply(App.of(SPEC, "")).containerId()).isEqualTo(7);
        assertThat(creates).extracting(Request::id).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsHandedToAContainerThatIsStillBeingCreated() {
        node.on("corex.get", r -> Reply.json("{\"id\":4,\"container\":{\"pid\":0,\"arguments\":{}}}"));
        node.on("corex.terminate", r -> Reply.error(500, "container was not started"));

        assertThatThrownBy(() -> containers.nicAdd(4, Nic.ofDefault()))
                .hasMessageContaining("it is still being created");
        assertThatThrownBy(() -> containers.terminate(4, LONG)).hasMessageContaining("container was not started");
        assertThat(node.commands()).doesNotContain("corex.nic-add", "corex.dispatch");
    }

    @Test
    void forwardToAContainerOnTheNodesNetworkIsRefusedBecauseItsRuleWouldStay() {
        node.on("corex.get",
                r -> Reply.json("{\"id\":4,\"container\":{\"pid\":9,\"arguments\":{\"host_network\":true}}}"));

        assertThatThrownBy(() -> containers.portForwardAdd(4, PortMapping.of("8000:80")))
                .hasMessageContaining("it shares the node's network");
        assertThat(node.commands()).doesNotContain("corex.portforward-add");
    }

    @Test
    void environmentThatEveryClientCanReadIsNotShown() {
        containers.create(SPEC.withSecret("PASSWORD", Secret.of("canary")));

        assertThat(containers.list()).singleElement().satisfies(
                c -> assertThat(c.labels().environment().get("PASSWORD")).isEqualTo(Secret.of("canary")));
        assertThat(containers.list().toString()).contains("PASSWORD").doesNotContain("canary");
    }

    @Test
    void bracesThatTheNodeWouldMangleInAStartupFileAreRefused() {
        String script = "[startup.x]\nname = \"bash\"\n[startup.x.args]\nscript = \"echo ${GREETING}\"\n";

        assertThatThrownBy(() -> SPEC.withFile("/.startup.toml", script).withEnv(new EnvVar("GREETING", "hi")))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("${GREETING}");
        assertThatCode(() -> SPEC.withFile("/.startup.toml", script)).doesNotThrowAnyException();
    }

    @Test
    void idsOfJobsAreNeverThoseOfTheNodesOwn() {
        assertThat(List.of(client.newId(), client.newId())).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[0-9a-f]{8}-[0-9a-f-]{27}"));
        rollout().apply(App.of(SPEC, ""));
        assertThat(node.accepted().stream().filter(r -> r.command().equals("corex.create")).map(Request::id))
                .singleElement().satisfies(id -> assertThat(id).startsWith("zship-radio-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create_404", "create_port_taken"})
    void textsOfTheNodeAreKeptWholeAndOnlyTheirBeginningIsInterpreted(String recorded) {
        String answer = Recordings.results(recorded).stream().filter(text -> text.contains("corex.create")
                && text.contains("\"ERROR\"")).findFirst().orElseThrow();
        node.on("corex.create", r -> Reply.recorded(answer));

        assertThatThrownBy(() -> containers.create(SPEC)).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.why()).isEqualTo(JobResult.parse(answer).text());
            assertThat(e.hint()).isEqualTo(recorded.equals("create_404")
                    ? "the node itself must reach the flist; try its URL from there"
                    : "`zship ps` shows who has the port; choose another with -p");
        });
    }

    private Rollout rollout() {
        return new Rollout(client, RolloutSettings.of(state), events::add);
    }

    /** The same node under an address that is not loopback, as a real one has. */
    private NodeSettings elsewhere() {
        return NodeSettings.of(NodeAddress.of("redis://0.0.0.0:" + node.address().port()));
    }

    private static App served(int port) {
        return App.of(SPEC.withPort(PortMapping.of(port + ":80")), "")
                .withHealth(zship.deployer.health.HealthSettings.http(80, "/"));
    }

    private static int freePort() {
        try (FakeService service = FakeService.listen(0, request -> "")) {
            return service.port();
        }
    }

    private static String message(String text, int meta) {
        return NodeJson.write(Map.of("core", 1, "command", "x", "message",
                Map.of("message", text, "epoch", 1, "meta", meta)));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The machine's time, but pauses are told and not made. */
    private record PausedTime(java.util.function.Consumer<Duration> pauses) implements Time {

        @Override
        public java.time.Instant now() {
            return java.time.Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) {
            pauses.accept(duration);
        }
    }
}
