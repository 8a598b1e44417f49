package zship.deployer.node;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.deployer.InvalidValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NodeAddressTest {

    @ParameterizedTest
    @CsvSource({"10.0.0.5,10.0.0.5,6379,true", "10.0.0.5:7000,10.0.0.5,7000,true",
        "node.example,node.example,6379,true",
        "127.0.0.1:16379,127.0.0.1,16379,false", "localhost,localhost,6379,false", "[::1]:6380,::1,6380,false",
        "[2001:db8::1],2001:db8::1,6379,true", "rediss://127.0.0.1:6379,127.0.0.1,6379,true",
        "redis://10.0.0.5,10.0.0.5,6379,false"})
    void ofReadsHostPortAndEncryption(String text, String host, int port, boolean tls) {
        assertThat(NodeAddress.of(text)).isEqualTo(new NodeAddress(host, port, tls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":6379", "host:0", "host:65536", "host:x", "host:", "2001:db8::1", "a b", "[::1",
        "h/x"})
    void ofWhenTextIsNoAddressNamesIt(String text) {
        assertThatThrownBy(() -> NodeAddress.of(text)).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void toStringPutsBracketsAroundIpv6() {
        assertThat(NodeAddress.of("[2001:db8::1]:6379")).hasToString("[2001:db8::1]:6379");
    }
}
