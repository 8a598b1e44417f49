package zship.localnode.container;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Forms and their display measured on 0-core. */
class HostPortTest {

    @ParameterizedTest
    @CsvSource({"8001,8001", "0.0.0.0:8002,8002", "10.99.0.2:8003,10.99.0.2:8003",
        "10.99.0.0/24:8004,10.99.0.0/24:8004",
        "backplane:8005,backplane:8005", "zt*:8006,zt*:8006", "8007|udp,8007|udp", "8008|tcp+udp,8008|tcp+udp",
        "zt*:8009|udp,zt*:8009|udp", "80x,80"})
    void acceptedFormIsShownAsTheNodeShowsIt(String text, String shown) {
        assertThat(HostPort.of(text)).hasValueSatisfying(port -> assertThat(port).hasToString(shown));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "abc", "", "eth0", "eth0:0", "8001|icmp", "8001|", "8001|tcp+", "123:http",
        "-5",
        "99999999999999999999"})
    void otherFormsAreRefused(String text) {
        assertThat(HostPort.of(text)).isEmpty();
    }
}
