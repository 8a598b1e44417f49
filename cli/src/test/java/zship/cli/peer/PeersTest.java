package zship.cli.peer;

import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import zship.cli.config.AppSettings;
import zship.deployer.node.NodeAddress;

import static org.assertj.core.api.Assertions.assertThat;

class PeersTest {
    @Test
    void nodeIsNotGivenThePasswordOfTheStore() {
        Peers peers = new Peers("zdb://:hidden@store.example.org:9900/radio", "https://hub.example.org",
                Optional.empty(), Optional.empty(), Optional.empty());

        String storage = peers.storage(AppSettings.onLocal("radio", Map.of("8000", 8000)), NodeAddress.of("10.0.0.5"));

        assertThat(storage).isEqualTo("zdb://store.example.org:9900/radio");
    }
}
