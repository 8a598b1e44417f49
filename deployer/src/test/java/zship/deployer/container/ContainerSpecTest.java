package zship.deployer.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import zship.deployer.InvalidValueException;
import zship.deployer.fake.Recordings;
import zship.deployer.node.NodeJson;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ContainerSpecTest {

    private static final String FLIST = "http://10.99.0.1:8899/icecast.flist";

    @Test
    void createArgumentsEqualThoseOfTheOriginalClient() {
        JsonNode recorded = Recordings.json("recorded-create.json").path("request");
        ContainerSpec spec = ContainerSpec.of(FLIST).withName(ContainerName.of("icecast2"))
                .withStorage("zdb://10.99.0.1:9900").withPort(PortMapping.of("8000:8000"))
                .withSecret("ICECAST_PASSWORD", Secret.of("pw1")).withTags(List.of("radio", "icecast"));

        JsonNode sent = NodeJson.read("an envelope",
                NodeJson.write(CreateArguments.command(spec).withId("x").envelope()));

        recorded.path("arguments").forEachEntry(
                (name, value) -> assertThat(sent.path("arguments").path(name)).as(name).isEqualTo(value));
        assertThat(sent.path("tags")).isEqualTo(recorded.path("tags"));
        assertThat(sent.path("arguments").has("tags")).isFalse();
    }

    @Test
    void createArgumentsCarryEverythingANodeTakes() {
        ContainerSpec spec = ContainerSpec.of(FLIST).withMount(Mount.of("/var/data:/data")).withHostname("radio")
                .withFile("/etc/motd", "hello").withNics(List.of(Nic.ofDefault(),
                        Nic.of(Nic.Type.BRIDGE, "br1").withName("lan").withHardwareAddress("52:54:00:00:00:01")
                                .withConfig(new Nic.Config(false, Optional.of("10.0.0.2/24"), Optional.of("10.0.0.1"),
                                        List.of("10.0.0.1")))))
                .withIsolation(new ContainerSpec.Isolation(true, List.of(new ContainerSpec.Cgroup("memory", "small"))));

        JsonNode arguments = NodeJson.read("arguments", NodeJson.write(CreateArguments.command(spec).arguments()));

        assertThat(arguments.path("mount").toString()).isEqualTo("{\"/var/data\":\"/data\"}");
        assertThat(arguments.path("config").toString()).isEqualTo("{\"/etc/motd\":\"hello\"}");
        assertThat(arguments.path("hostname").asString()).isEqualTo("radio");
        assertThat(arguments.path("privileged").asBoolean()).isTrue();
        assertThat(arguments.path("cgroups").toString()).isEqualTo("[[\"memory\",\"small\"]]");
        assertThat(arguments.path("nics").path(1).toString()).isEqualTo("{\"type\":\"bridge\",\"id\":\"br1\","
                + "\"name\":\"lan\",\"hwaddr\":\"52:54:00:00:00:01\",\"config\":{\"dhcp\":false,"
                + "\"cidr\":\"10.0.0.2/24\",\"gateway\":\"10.0.0.1\",\"dns\":[\"10.0.0.1\"]}}");
    }

    @Test
    void toStringShowsNoValueOfTheEnvironment() {
        ContainerSpec spec = ContainerSpec.of(FLIST).withSecret("A", Secret.of("canary-1"))
                .withEnv(EnvVar.of("B=canary-2"));
        assertThat(spec.toString()).doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "icecast.flist", "ftp://x/y.flist"})
    void ofWhenTheFlistIsNoneNamesIt(String flist) {
        assertThatThrownBy(() -> ContainerSpec.of(flist)).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("flist '" + flist + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "ftp://10.0.0.1:9900", "10.0.0.1:9900", "zdb://", "dir:///var/chunks"})
    void withStorageWhenANodeWouldHangRefuses(String storage) {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withStorage(storage))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("hangs on anything else");
    }

    @Test
    void withStorageWhenWrongShowsNoPassword() {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withStorage("ftp://:canary@10.0.0.1:9900"))
                .hasMessageNotContaining("canary");
    }

    @Test
    void withPortsWithoutADefaultNetworkRefuses() {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withNics(List.of()).withPort(PortMapping.of("80:80")))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("default network");
    }

    @Test
    void withPortsOfOneNumberTwiceRefuses() {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withPorts(
                List.of(PortMapping.of("80:80"), PortMapping.of("80|udp:81")))).isInstanceOf(
                        InvalidValueException.class)
                .hasMessageContaining("each port number once");
    }

    @Test
    void withHostnameLongerThanTheKernelAllowsRefuses() {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withHostname("h".repeat(65)))
                .isInstanceOf(InvalidValueException.class).hasMessageContaining("64 letters");
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT,'',default", "DEFAULT,'',eth7", "DEFAULT,'',zt1", "DEFAULT,'',abcdefghijklmnop",
        "BRIDGE,core0,''",
        "VLAN,x,''", "VXLAN,x,''", "VLAN,4095,''"})
    void nicRulesAreThoseRecordedFromANode(Nic.Type type, String id, String name) {
        assertThatThrownBy(() -> Nic.of(type, id).withName(name)).isInstanceOf(InvalidValueException.class);
    }

    @Test
    void twoDefaultNicsAreRefused() {
        assertThatThrownBy(() -> ContainerSpec.of(FLIST).withNics(List.of(Nic.ofDefault(), Nic.ofDefault())))
                .hasMessageContaining("only one default network is allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative/path:/data", "/tmp:data", "ftp://x/y:/data", "/tmp"})
    void mountRulesAreThoseRecordedFromANode(String mount) {
        assertThatThrownBy(() -> Mount.of(mount)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1abc", "a b", "-x", "é"})
    void nameRules(String name) {
        assertThatThrownBy(() -> ContainerName.of(name)).isInstanceOf(InvalidValueException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=x", "1A=x", "A-B=x", "A", "A=b\0c"})
    void envRulesDoNotRepeatTheValue(String text) {
        assertThatThrownBy(() -> EnvVar.of(text)).isInstanceOf(InvalidValueException.class)
                .hasMessageNotContaining("=x");
    }

    @Test
    void envValueMayHoldAnything() {
        assertThat(EnvVar.of("A=b=/&<\" ü")).isEqualTo(new EnvVar("A", "b=/&<\" ü"));
    }

    @Test
    void jsonKeepsASpecButNoSecret() {
        ContainerSpec spec = ContainerSpec.of(FLIST).withName(ContainerName.of("radio")).withMount(Mount.of("/a:/b"))
                .withStorage("zdb://10.0.0.1:9900").withPort(PortMapping.of("8000|udp:80")).withHostname("h")
                .withEnv(EnvVar.of("A=1")).withSecret("S", Secret.of("canary")).withTag("t").withFile("/f", "x")
                .withPrivileged(true).withNics(List.of(Nic.ofDefault(), Nic.of(Nic.Type.ZEROTIER, "net")));

        String kept = NodeJson.write(SpecJson.write(spec));

        assertThat(kept).doesNotContain("canary");
        assertThat(SpecJson.read(NodeJson.read("a spec", kept), Map.of("S", Secret.of("canary")))).isEqualTo(spec);
        assertThat(SpecJson.read(NodeJson.read("a spec", kept), Map.of()).environment().secrets()).isEmpty();
    }
}
