package zship.flist;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.edit.Passwords;
import zship.flist.store.Router;

import static org.assertj.core.api.Assertions.assertThat;

class AddressMaskTest {
    @ParameterizedTest
    @ValueSource(strings = {"canary", "can/ary", "/canary", "can@ary", "can:ary", "a@b/c:canary", "u:canary/@",
        "x://canary"})
    void passwordsAreMaskedUpToTheLastAt(String password) {
        String address = "zdb://" + password + "@h:1";
        assertThat(AddressMask.address(address)).isEqualTo("zdb://***@h:1");
        assertThat(AddressMask.text("see " + address + " and zdb://g:2")).isEqualTo("see zdb://***@h:1 and zdb://g:2");
        assertThat(Router.masked("# " + address + "\npools: {p: {'00:ff': 'zdb://g:1'}}\nlookup: [p]\n"))
                .startsWith("# zdb://***@h:1\n").contains("'zdb://g:1'");
        assertThat(Passwords.masked("backend", address)).isEqualTo("zdb://***@h:1");
    }

    @Test
    void whatHasNoPasswordStaysAsItIs() {
        Map.of("zdb://h:1/n", "zdb://h:1/n", "{a:zdb://h:1,b:zdb://x@g:2}", "{a:zdb://h:1,b:zdb://***@g:2}")
                .forEach((text, shown) -> assertThat(AddressMask.text(text)).isEqualTo(shown));
        assertThat(AddressMask.address("dir:///a/b")).isEqualTo("dir:///a/b");
        assertThat(AddressMask.address(":canary@h:1")).isEqualTo("***@h:1");
    }
}
