package zship.flist.store;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;

class StoreAddressTest {
    @ParameterizedTest
    @CsvSource({"zdb://:pw@host:9900/ns,zdb://host:9900/ns,zdb://***@host:9900/ns",
        "zdb://p%40w@host:9900,zdb://host:9900,zdb://***@host:9900",
        "redis://a@b@[::1]:6379/1,redis://[::1]:6379/1,redis://***@[::1]:6379/1"})
    void passwordIsApart(String text, String address, String shown) {
        StoreAddress taken = StoreAddress.of(text);

        assertThat(taken.address()).isEqualTo(address);
        assertThat(taken).hasToString(shown);
        assertThat(taken.expose()).isEqualTo(text.replace("//:", "//"));
        assertThat(StoreAddress.of(shown).isMasked()).isTrue();
        assertThat(StoreAddress.of(shown).withPassword(taken.password())).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zdb://host:9900/a@b", "dir:///some/a@b", "", "host:9900"})
    void whatHasNoPasswordStaysAsItIs(String text) {
        assertThat(StoreAddress.of(text)).isEqualTo(new StoreAddress(text, Optional.empty())).hasToString(text);
        assertThat(StoreAddress.of(text).expose()).isEqualTo(text);
    }

    @Test
    void passwordIsInNoText() {
        StoreAddress address = new StoreAddress("zdb://host:1", Optional.of(Secret.of("pw")));

        assertThat(address.toString()).doesNotContain("pw");
    }
}
