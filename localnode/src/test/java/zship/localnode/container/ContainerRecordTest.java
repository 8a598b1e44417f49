package zship.localnode.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;
import zship.localnode.job.Outcome;
import zship.localnode.process.ProcessMark;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerRecordTest {
    private static final String ARGUMENTS = """
            {"root":"http://127.0.0.1/a.flist","nics":[{"type":"default"}],"port":{"8000":80},
             "env":{"PASSWORD":"canary-/&<\\"'"},"name":"web","hostname":"radio"}""";

    private static final ProcessMark MARK = new ProcessMark(12, "boot:3");
    private static final JsonNode NULL = GoJson.nodes().nullNode();

    private static ContainerRecord running() throws CommandException {
        Command command = Command.of("id", "corex.create", GoJson.read(ARGUMENTS).orElseThrow());
        ContainerArguments arguments = ContainerArguments
                .of(new Arguments(command, "", CommandException.BAD_REQUEST)).withDefaults("zdb://127.0.0.1:1");
        return ContainerRecord.creating(7, command, arguments, 5).withRoot("abc")
                .withInit(new ProcessMark(10, "boot:1")).withSlirp(Optional.of(new ProcessMark(11, "boot:2")))
                .withNicState(0, AttachedNic.CONFIGURED).withLayer("def").withMount("123").withMount("456")
                .withForwards(Map.of("8000", 80L)).withService("a", before -> before.withProcess(MARK).nowReady())
                .withService("b", before -> before.withEnd(Outcome.notStarted(404, "no"), 6).nowOver())
                .withService("c", before -> before.withProcess(MARK).withEnd(Outcome.json(NULL), 7))
                .withPhase(ContainerRecord.Phase.RUNNING);
    }

    @Test
    void recordIsReadAsItWasWritten() throws CommandException {
        assertThat(ContainerRecord.parse(running().toJson())).hasValue(running());
    }

    @Test
    void recordOfAnEarlierVersionHasNoMounts() throws CommandException {
        String old = running().toJson().replace("\"mounts\":[\"123\",\"456\"],", "");
        assertThat(old).doesNotContain("mounts");
        assertThat(ContainerRecord.parse(old).orElseThrow().live().mounts()).isEmpty();
        assertThat(ContainerRecord.parse(old).orElseThrow().live().layer()).isEqualTo("def");
    }

    @Test
    void servicesOfAnEarlierVersionRunAndCountAsRunningOrHaveFailed() throws CommandException {
        String old = running().toJson().replaceFirst("\"services\":\\{.*?\\},\"nics\"",
                "\"services\":{\"a\":{\"pid\":12,\"start\":\"boot:3\"},\"b\":null},\"nics\"");
        Map<String, ServiceProgress> services = ContainerRecord.parse(old).orElseThrow().services();
        assertThat(services.get("a")).isEqualTo(ServiceProgress.NONE.withProcess(MARK).nowReady());
        assertThat(services.get("b")).isEqualTo(ServiceProgress.NONE.nowOver());
        assertThat(services.get("b").wentWell()).isFalse();
    }

    @Test
    void damagedOrUnfinishedRecordIsNotARunningContainer() throws CommandException {
        assertThat(ContainerRecord.parse("{\"id\":1")).isEmpty();
        assertThat(ContainerRecord.parse("{}")).isEmpty();
        String unfinished = running().withPhase(ContainerRecord.Phase.CREATING).toJson();
        assertThat(ContainerRecord.parse(unfinished).orElseThrow().phase()).isEqualTo(ContainerRecord.Phase.ENDING);
    }

    @Test
    void argumentsAreShownWithTheirDefaults() throws CommandException {
        ContainerArguments arguments = running().arguments();
        assertThat(arguments.toJson(Optional.empty(), running().nics()).toString()).isEqualTo(
                "{\"root\":\"http://127.0.0.1/a.flist\",\"mount\":null,\"host_network\":false,\"identity\":\"\",\"nics\":"
                        + "[{\"type\":\"default\",\"id\":\"\",\"hwaddr\":\"\",\"config\":{\"dhcp\":false,\"cidr\":\"\","
                        + "\"gateway\":\"\",\"dns\":null},\"monitor\":false,\"state\":\"configured\"}],\"port\":null,"
                        + "\"privileged\":false,\"hostname\":\"radio\",\"storage\":\"zdb://127.0.0.1:1\",\"name\":\"web\","
                        + "\"tags\":null,\"env\":{\"PASSWORD\":\"canary-/&<\\\"'\"},\"cgroups\":[[\"devices\",\"corex\"]],"
                        + "\"config\":null}");
    }

    @Test
    void runtimeConfigurationHoldsNoEnvironmentOfTheContainer() throws CommandException {
        OciConfig config = new OciConfig(running().arguments());
        assertThat(config.container(Path.of("/root"), Optional.of("/group"), Path.of("/usr/bin/catatonit"), List.of(),
                List.of()))
                .doesNotContain("canary").contains("\"hostname\":\"radio\"");
        assertThat(config.environment().keySet()).containsExactly("PATH", "HOME", "PASSWORD");
    }
}
