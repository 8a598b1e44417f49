package zship.deployer.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.deployer.InvalidValueException;
import zship.deployer.node.NodeJson;
import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NicTest {

    @Test
    void everyTypeAndSettingIsReadFromText() {
        assertThat(Nic.of("default")).isEqualTo(Nic.ofDefault());
        assertThat(Nic.of("zerotier:8056c2e21c000001")).isEqualTo(Nic.of(Nic.Type.ZEROTIER, "8056c2e21c000001"));
        assertThat(Nic.of("vlan:100,dhcp,name=lan0,mac=00:16:3e:00:00:01")).isEqualTo(Nic.of(Nic.Type.VLAN, "100")
                .withName("lan0").withHardwareAddress("00:16:3e:00:00:01")
                .withConfig(new Nic.Config(true, Optional.empty(), Optional.empty(), List.of())));
        assertThat(Nic.of("bridge:br0,ip=10.1.0.2/24,gateway=10.1.0.1,dns=1.1.1.1+9.9.9.9").config())
                .isEqualTo(new Nic.Config(false, Optional.of("10.1.0.2/24"), Optional.of("10.1.0.1"),
                        List.of("1.1.1.1", "9.9.9.9")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bridgee:br0 | is not a type", "macvlan | needs what it is connected to",
        "default,speed=1 | 'speed' is not a setting", "vlan:4095 | 0 to 4094", "vxlan:x | named by its number",
        "bridge:core0 | use type default", "bridge:br0,name=eth7 | does not start with eth"})
    void whatANodeWouldRefuseIsRefusedHere(String text, String why) {
        assertThatThrownBy(() -> Nic.of(text)).isInstanceOf(InvalidValueException.class).hasMessageContaining(why);
    }

    @Test
    void specOfARunningContainerIsReadBackFromWhatItsNodeReports() {
        ContainerSpec spec = ReportedSpec.read(NodeJson.read("arguments", """
                {"root":"http://10.0.0.1/x.flist","mount":{"/data":"/var/data"},"host_network":false,
                 "identity":"canary","nics":[{"type":"default","id":"","hwaddr":"","config":{"dhcp":false,"cidr":"",
                 "gateway":"","dns":null},"monitor":false,"state":"configured"},
                 {"type":"bridge","id":"br0","state":"destroyed"}],
                 "port":{"8001":8000,"10.99.0.0/24:8004":81},"privileged":false,"hostname":"radio",
                 "storage":"zdb://10.0.0.1:9900","name":"radio","tags":["a","b"],
                 "env":{"PASSWORD":"canary","PLACE":"Ghent"},"cgroups":[["memory","small"],["devices","corex"]],
                 "config":{"/etc/motd":"hi"}}"""), "PASSWORD"::equals);

        assertThat(spec.root()).isEqualTo(new ContainerSpec.Root("http://10.0.0.1/x.flist",
                Optional.of("zdb://10.0.0.1:9900"), List.of(new Mount("/data", "/var/data")),
                Map.of("/etc/motd", "hi")));
        assertThat(spec.environment()).isEqualTo(new ContainerSpec.Environment(Map.of("PLACE", "Ghent"),
                Map.of("PASSWORD", Secret.of("canary"))));
        assertThat(spec.network().nics()).extracting(Nic::type).containsExactly(Nic.Type.DEFAULT);
        assertThat(spec.network().ports()).extracting(Object::toString).containsExactlyInAnyOrder("8001:8000",
                "10.99.0.0/24:8004:81");
        assertThat(spec.isolation().cgroups()).containsExactly(new ContainerSpec.Cgroup("memory", "small"));
        assertThat(spec.secrets()).containsEntry(ContainerSpec.IDENTITY, Secret.of("canary"));
        assertThat(spec.toString()).doesNotContain("canary");
    }
}
