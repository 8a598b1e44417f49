package zship.deployer.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.deployer.DeployException;
import zship.deployer.fake.FakeContainers;
import zship.deployer.fake.FakeNode;
import zship.deployer.fake.FakeService;
import zship.deployer.fake.Recordings;
import zship.deployer.fake.Reply;
import zship.deployer.node.Command;
import zship.deployer.node.JobResult;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ContainersTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ContainerSpec SPEC = ContainerSpec.of("http://10.0.0.1/x.flist")
            .withName(ContainerName.of("radio")).withTag("t1");

    private FakeNode node;
    private FakeContainers fake;
    private NodeClient client;
    private Containers containers;

    @BeforeEach
    void start() {
        node = FakeNode.start();
        fake = new FakeContainers(node, entry -> FakeService.icecast("x"));
        client = NodeClient.open(node.address());
        containers = new Containers(client);
    }

    @AfterEach
    void stop() {
        client.close();
        fake.close();
        node.close();
    }

    @Test
    void createGivesTheNumberAndGetFindListSeeIt() {
        int id = containers.create(SPEC);

        assertThat(containers.get(id).orElseThrow().name()).isEqualTo("radio");
        assertThat(containers.get(ContainerName.of("RADIO")).orElseThrow().id()).isEqualTo(id);
        assertThat(containers.find(List.of("t1"))).extracting(Container::id).containsExactly(id);
        assertThat(containers.find(List.of("t1", "other"))).isEmpty();
        assertThat(containers.list()).extracting(Container::id).containsExactly(id);
    }

    @Test
    void createTwiceWithOneIdMakesOneContainer() {
        int first = containers.create(SPEC, "same", LONG);
        int second = containers.create(SPEC, "same", LONG);

        assertThat(second).isEqualTo(first);
        assertThat(fake.entries()).hasSize(1);
    }

    @Test
    void createWhenTheAnswerIsLostMakesOneContainer() {
        client.run(Command.of("core.ping"), LONG);
        node.fault(r -> r.getFirst().equals("RPUSH") && r.getLast().contains("corex.create"),
                FakeNode.Fault.DROP_AFTER);

        containers.create(SPEC);

        assertThat(fake.entries()).hasSize(1);
    }

    @Test
    void createWhenTheFlistIsMissingNamesItAndTheNodesReason() {
        node.on("corex.create", r -> Reply.recorded(Recordings.results("create_404").getFirst()));

        assertThatThrownBy(() -> containers.create(SPEC)).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeployException.Kind.REFUSED);
            assertThat(e.what()).contains("radio").contains("http://10.0.0.1/x.flist");
            assertThat(e.why()).isEqualTo("mount-root-flist(failed to download flist: 404 File not found)");
            assertThat(e.hint()).contains("reach the flist");
        });
    }

    @ParameterizedTest
    @CsvSource({"500,port 8000 already in use,FAILED", "503,reached the hard limit of 1000 containers,REFUSED",
        "412,ovs is needed for VXLAN network type,REFUSED", "500,some text,FAILED"})
    void createErrorsKeepTheNodesText(int code, String text, DeployException.Kind kind) {
        node.on("corex.create", r -> Reply.error(code, text));

        assertThatThrownBy(() -> containers.create(SPEC)).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.why()).isEqualTo(text);
            assertThat(e.kind()).isEqualTo(kind);
            assertThat(e.hint()).isNotBlank();
        });
    }

    @Test
    void listReadsARecordedAnswerAndKeepsTheEnvironmentSecret() {
        String recorded = Recordings.json("recorded-create.json").path("list").toString();
        node.on("corex.list", r -> Reply.json(recorded));

        Container container = containers.list().getFirst();

        assertThat(container.id()).isEqualTo(3);
        assertThat(container.portsByNumber()).containsEntry(8000, 8000);
        assertThat(container.tags()).containsExactly("radio", "icecast");
        assertThat(container.source().residentBytes()).isEqualTo(5734400);
        assertThat(container.labels().environment()).containsEntry("ICECAST_PASSWORD", Secret.of("pw1"));
        assertThat(container.toString()).doesNotContain("pw1");
    }

    @Test
    void terminateWaitsForTheContainerToAnswerFirst() {
        int id = containers.create(SPEC);

        containers.terminate(id, LONG);

        assertThat(node.commands()).containsSubsequence("corex.dispatch", "corex.terminate");
        assertThat(fake.entries()).isEmpty();
    }

    @Test
    void terminateOfAContainerThatIsGoneIsDone() {
        containers.terminate(99, LONG);
        assertThat(fake.entries()).isEmpty();
    }

    @Test
    void terminateOfAStuckContainerSaysThatOnlyARestartHelps() {
        node.on("corex.get", r -> Reply.json("{\"container\":{\"arguments\":{\"name\":\"x\"},\"pid\":0},\"id\":7}"));
        node.on("corex.terminate", r -> Reply.error(500, "container was not started"));

        assertThatThrownBy(() -> containers.terminate(7, LONG)).isInstanceOf(NodeException.class)
                .hasMessageContaining("container was not started");
        assertThat(node.commands()).doesNotContain("corex.dispatch");
    }

    @Test
    void systemRunsAProgramInsideAndGivesItsOutput() {
        int id = containers.create(SPEC);
        fake.inside("core.system", r -> Reply.exit(3, "out\n", "err\n"));

        JobResult result = containers.system(id, List.of("/bin/tool", "-a", "b c"), LONG);

        assertThat(result.output().stdout()).isEqualTo("out\n");
        assertThat(result.code().exitStatus()).hasValue(3);
        assertThat(result.origin().container()).isEqualTo(id);
        assertThat(node.accepted().getLast().arguments().path("command").path("arguments").toString())
                .isEqualTo("{\"name\":\"/bin/tool\",\"args\":[\"-a\",\"b c\"]}");
    }

    @Test
    void dispatchToAContainerThatIsGoneSaysSo() {
        assertThatThrownBy(() -> containers.bash(5, "true", LONG)).isInstanceOf(NodeException.class)
                .hasMessageContaining("run bash in container 5").hasMessageContaining("container does not exist");
    }

    @Test
    void jobsLeaveOutTheQuestion() {
        int id = containers.create(SPEC);
        assertThat(containers.jobs(id)).extracting(j -> j.id()).containsExactly("icecast");
    }

    @Test
    void serviceResultIsThatOfTheContainerAsked() {
        Recordings.results("startup_missing_binary").stream().filter(r -> r.contains("\"id\":\"main\""))
                .forEach(r -> node.keys().push("result:main", r));

        JobResult first = containers.serviceResult(125, "main").orElseThrow();
        JobResult second = containers.serviceResult(126, "main").orElseThrow();

        assertThat(first.failure()).isEqualTo("exit status 3: on stderr");
        assertThat(second.failure()).contains("/bin/does-not-exist");
        assertThat(containers.serviceResult(127, "main")).isEmpty();
    }

    @Test
    void endOfTellsHowAContainerEnded() {
        node.keys().push("result:core-114", Recordings.results("corex_killed").stream()
                .filter(r -> r.contains("core-114")).findFirst().orElseThrow());
        assertThat(containers.endOf(114).orElseThrow().failure()).isEqualTo("ended by a signal");
    }

    @Test
    void logsFollowAServiceUntilItsEnd() {
        int id = containers.create(SPEC);
        fake.inside("core.subscribe", r -> {
            node.keys().push("stream:" + r.id(), stream("hello\\n", 65537));
            node.keys().push("stream:" + r.id(), stream("", 65539));
            return Reply.never();
        });
        List<String> lines = new ArrayList<>();

        containers.logs(id, "icecast", Optional.of(LONG), m -> lines.add(m.text()));

        assertThat(lines).containsExactly("hello\n", "");
    }

    @Test
    void logsOfAnUnknownServiceSaySo() {
        int id = containers.create(SPEC);
        fake.inside("core.subscribe", r -> Reply.error(500, "job 'gone' does not exist"));

        assertThatThrownBy(() -> containers.logs(id, "gone", Optional.of(Duration.ofSeconds(2)), m -> {
        })).isInstanceOf(NodeException.class).hasMessageContaining("job 'gone' does not exist");
    }

    @Test
    void portForwardsComeAndGo() {
        int id = containers.create(SPEC);
        node.on("corex.portforward-add", r -> Reply.error(500, "port 8031 already in use"));

        assertThatThrownBy(() -> containers.portForwardAdd(id, PortMapping.of("8031:80")))
                .hasMessageContaining("port 8031 already in use");
        containers.portForwardRemove(id, PortMapping.of("8031:80"));
        assertThat(node.accepted().getLast().arguments().path("host_port").asString()).isEqualTo("8031");
    }

    @Test
    void interfacesAreListedWithTheirStateAndRemovedByIndex() {
        node.on("corex.get", r -> Reply.json("{\"id\":5,\"container\":{\"pid\":9,\"arguments\":{\"nics\":["
                + "{\"type\":\"bridge\",\"id\":\"br0\",\"state\":\"error\"},{\"type\":\"default\",\"state\":\"configured\"}]}}}"));
        node.on("corex.nic-add", r -> Reply.json("null"));
        node.on("corex.nic-remove", r -> Reply.error(412, "nic is in 'error' state"));

        assertThat(containers.get(5).orElseThrow().nics()).containsExactly(
                new Container.Interface(0, "bridge", "br0", "", "error"),
                new Container.Interface(1, "default", "", "", "configured"));
        containers.nicAdd(5, Nic.of(Nic.Type.MACVLAN, "eth1"));
        assertThat(node.accepted().getLast().arguments().path("nic").path("type").asString()).isEqualTo("macvlan");
        assertThatThrownBy(() -> containers.nicRemove(5, 0)).isInstanceOfSatisfying(NodeException.class, e -> {
            assertThat(e.kind()).isEqualTo(DeployException.Kind.REFUSED);
            assertThat(e.why()).isEqualTo("nic is in 'error' state");
        });
    }

    @Test
    void layersBackupsAndRestoresGoToTheNode() {
        node.on("corex.flist-layer", r -> Reply.error(500, "failed to download flist: 404 File not found"));
        node.on("corex.backup", r -> Reply.json("\"4f3a\"")).on("corex.restore", r -> Reply.json("8"));
        Secret repository = Secret.of("file:///srv/backup?password=canary");

        assertThatThrownBy(() -> containers.flistLayer(5, "http://h/x.flist")).hasMessage(
                "put http://h/x.flist over the root of container 5: failed to download flist: 404 File not found");
        assertThat(containers.backup(5, repository, List.of("daily"))).isEqualTo("4f3a");
        assertThat(containers.restore(Secret.of(repository.expose() + "#4f3a"), List.of("again"))).isEqualTo(8);
        assertThat(node.accepted().getLast().envelope().path("tags").path(0).asString()).isEqualTo("again");
        node.on("corex.backup", r -> Reply.error(500, "failed to backup container: "));
        assertThatThrownBy(() -> containers.backup(5, repository, List.of())).isInstanceOf(NodeException.class)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[startup.main]|main", "  [startup.\"my service\"]  # x|my service",
        "[startup.main.args]|", "# [startup.no]|", "text = '[startup.x] y'|"})
    void startupServicesAreTheTablesOfTheStartupFile(String line, String name) {
        assertThat(StartupServices.parse("a = 1\n" + line + "\nb = 2\n"))
                .isEqualTo(name == null ? List.of() : List.of(name));
    }

    private static String stream(String text, int meta) {
        return "{\"core\":1,\"command\":\"x\",\"message\":{\"message\":\"" + text + "\",\"epoch\":1,\"meta\":" + meta
                + "}}";
    }
}
