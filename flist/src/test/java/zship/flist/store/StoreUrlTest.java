package zship.flist.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import zship.flist.Secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StoreUrlTest {
    @Test
    void ofReadsEveryPartOfAServerAddress() {
        assertThat(StoreUrl.of("zdb://:p%40ss+w%2Frd@10.0.0.1:9900/mine"))
                .isEqualTo(new StoreUrl.Server("zdb", "10.0.0.1",
                        9900, Optional.of("mine"), Optional.of(Secret.of("p@ss+w/rd"))));
        assertThat(StoreUrl.of("redis://[::1]:6379/2"))
                .isEqualTo(new StoreUrl.Server("redis", "::1", 6379, Optional.of("2"), Optional.empty()));
        assertThat(StoreUrl.of("dir:///var/chunks")).isEqualTo(new StoreUrl.Folder(Path.of("/var/chunks")));
        assertThat(StoreUrl.of("zdb://my_store:9900")).hasToString("zdb://my_store:9900");
        assertThat(StoreUrl.of("router:///etc/router.yaml")).isEqualTo(new StoreUrl.Table(Path.of("/etc/router.yaml")));
        assertThat(StoreUrl.of("/etc/router.yml")).isEqualTo(new StoreUrl.Table(Path.of("/etc/router.yml")));
    }

    @Test
    void toStringNeverShowsThePassword() {
        assertThat(StoreUrl.of("zdb://:canary@h:1/n")).hasToString("zdb://:***@h:1/n");
        assertThat(StoreUrl.of("zdb://[::1]:9900")).hasToString("zdb://[::1]:9900");
    }

    @Test
    void ofWhenAddressIsWrongSaysWhyWithoutThePassword() {
        for (String text : List.of("zdb://:canary@host", "http://:canary@host:1", "zdb://:canary@host:99999",
                "zdb://:canary@host:1/a/b", "redis://:canary@host:1/name", "zdb://:canary@ho st:1", "dir:relative", "",
                "zdb://:canary@host:1?x=y", "zdb://:canary/x@host:1", "zdb://:x/canary@host:1",
                "zdb://u:12/canary@host:1",
                "zdb://u:99999/canary@host:1", "zdb://:a@canary/b@host:x", "zdb://:a://canary:b@h",
                "zdb://:a?canary@h:1",
                "zdb://u:1#canary@h:1", "zdb:canary@h:1", "canary:x@h:1", "zdb:/:can/canary@h:1", ":canary@h:1")) {
            assertThatThrownBy(() -> StoreUrl.of(text)).as(text).isInstanceOfSatisfying(StoreException.class, e -> {
                assertThat(e.kind()).isEqualTo(StoreException.Kind.USAGE);
                assertThat(e.what() + e.why() + e.hint() + e).doesNotContain("canary");
            });
        }
    }
}
