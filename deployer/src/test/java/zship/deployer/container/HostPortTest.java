package zship.deployer.container;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import zship.deployer.InvalidValueException;
import zship.deployer.fake.Recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HostPortTest {

    @Test
    void ofAgreesWithEveryRecordedAnswerOfANode() {
        for (JsonNode line : Recordings.lines("recorded-ports.jsonl")) {
            for (Map.Entry<String, JsonNode> port : line.path("ports").properties()) {
                boolean accepted = line.path("state").asString().equals("SUCCESS");
                if (accepted && isStricterHere(port)) {
                    continue;
                }
                if (accepted) {
                    String reported = HostPort.of(port.getKey()).toString();
                    assertThat(line.path("reported").has(reported)).as(line.toString()).isTrue();
                } else {
                    assertThatThrownBy(() -> new PortMapping(HostPort.of(port.getKey()), port.getValue().asInt()))
                            .as(line.toString()).isInstanceOf(InvalidValueException.class);
                }
            }
        }
    }

    /** A node takes garbage after the digits, and a container port 0 that leads nowhere. */
    private static boolean isStricterHere(Map.Entry<String, JsonNode> port) {
        return port.getKey().equals("80x") || port.getValue().asInt() == 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"80x", "256.0.0.1:80", "10.0.0.0/33:80", "::80", "a:b:80", "80|tcp|udp", " 80", "80 ",
        "eth0*x:80", "123456"})
    void ofWhenTextIsNoHostPortNamesIt(String text) {
        assertThatThrownBy(() -> HostPort.of(text)).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("host port '");
    }

    @Test
    void mappingSplitsAtTheLastColon() {
        PortMapping mapping = PortMapping.of("10.0.0.0/8:8000|tcp+udp:80");
        assertThat(mapping.host().source()).hasValue("10.0.0.0/8");
        assertThat(mapping.host().protocols()).containsExactly("tcp", "udp");
        assertThat(mapping.container()).isEqualTo(80);
        assertThat(mapping).hasToString("10.0.0.0/8:8000|tcp+udp:80");
    }

    @Test
    void mappingOfOneNumberIsForBothSides() {
        assertThat(PortMapping.of("8000")).hasToString("8000:8000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000:", "8000:0", "8000:x", ":80", "", "8000:65536"})
    void mappingWhenTextIsNoneNamesIt(String text) {
        assertThatThrownBy(() -> PortMapping.of(text)).isInstanceOf(InvalidValueException.class);
    }
}
