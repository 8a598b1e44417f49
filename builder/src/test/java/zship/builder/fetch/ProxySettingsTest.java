package zship.builder.fetch;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link ProxySettings}. */
class ProxySettingsTest {

    @ParameterizedTest
    @CsvSource({"http://proxy:3128,proxy:3128", "proxy:3128,proxy:3128", "http://proxy,proxy:80", "'',direct",
        "::::,direct"})
    void selectReadsHostAndPort(String value, String expected) {
        assertThat(selected(Map.of("https_proxy", value), "https://host/x")).isEqualTo(expected);
        assertThat(selected(Map.of("HTTPS_PROXY", value), "https://host/x")).isEqualTo(expected);
    }

    @Test
    void selectWhenEachSchemeHasAProxyTakesThatOfTheAddress() {
        Map<String, String> both = Map.of("http_proxy", "plain:1", "https_proxy", "tls:2");
        assertThat(selected(both, "http://host/x")).isEqualTo("plain:1");
        assertThat(selected(both, "https://host/x")).isEqualTo("tls:2");
        assertThat(selected(Map.of("https_proxy", "tls:2"), "http://host/x")).isEqualTo("tls:2");
        assertThat(selected(Map.of("http_proxy", "plain:1"), "https://host/x")).isEqualTo("direct");
    }

    @ParameterizedTest
    @CsvSource({"'localhost, .example.org',http://mirror.Example.org/x,direct",
        "example.org,http://example.org/x,direct",
        "*.example.org,http://mirror.example.org/x,direct", "*,http://host/x,direct",
        "127.0.0.1,http://127.0.0.1:80/x,direct",
        "'[::1]',http://[::1]/x,proxy:1", "::1,http://[::1]/x,direct", "host:8080,http://host:8080/x,direct",
        "example.org,http://badexample.org/x,proxy:1", "'',http://host/x,proxy:1"})
    void selectWhenNoProxyNamesTheHostAsksItDirectly(String direct, String url, String expected) {
        assertThat(selected(Map.of("http_proxy", "proxy:1", "no_proxy", direct), url)).isEqualTo(expected);
    }

    private static String selected(Map<String, String> environment, String url) {
        Proxy proxy = ProxySettings.of(environment).select(URI.create(url)).getFirst();
        return proxy.address() instanceof InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : "direct";
    }
}
