package zship.builder.fetch;

import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for the proxy settings of {@link HttpFetch}. */
class HttpFetchTest {

    @ParameterizedTest
    @CsvSource({"http://proxy:3128,proxy:3128", "proxy:3128,proxy:3128", "http://proxy,proxy:80", "'',''", "::::,''"})
    void proxyReadsHostAndPort(String value, String expected) {
        String found = HttpFetch.proxy(Map.of("https_proxy", value))
                .map(address -> address.getHostString() + ":" + address.getPort()).orElse("");
        assertThat(found).isEqualTo(expected);
    }
}
