package zship.flist.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import zship.flist.chunk.ChunkId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RouterTest {
    private static final String TEXT = """
            pools:   # two halves, and a copy of all
              halves:
                "00:7F": "zdb://a:9900"
                80:ff: ardb://b:9901/ignored
              copy: { "00:ff": "redis://secret@c:6379" }
              near: { "00:ff": "zdb://d:1" }
            lookup: [ halves, copy ]
            cache: [ near ]
            """;

    private static ChunkId id(String head) {
        return ChunkId.of(head + "0".repeat(32 - head.length()));
    }

    @Test
    void replicasAreTheServersOfEveryPoolInTheOrderOfTheSearch() {
        Router router = Router.of(TEXT, "router.yaml");
        assertThat(router.replicas(id("7fff"))).extracting(StoreUrl.Server::hostPort).containsExactly("a:9900",
                "c:6379");
        assertThat(router.replicas(id("80"))).extracting(StoreUrl.Server::hostPort).containsExactly("b:9901", "c:6379");
        assertThat(router.caches(id("80"))).extracting(StoreUrl.Server::hostPort).containsExactly("d:1");
        assertThat(router.replicas(id("80"))).allSatisfy(server -> assertThat(server.namespace()).isEmpty());
    }

    @Test
    void storageOfTheContainerComesAfterTheTable() {
        Router router = Router.of(TEXT.replace("halves", "storage"), "router.yaml")
                .followedBy(new StoreUrl.Server("zdb", "last", 9, Optional.empty(), Optional.empty()));
        assertThat(router.replicas(id("7fff"))).extracting(StoreUrl.Server::hostPort).containsExactly("a:9900",
                "c:6379", "last:9");
        assertThat(router.replicas(id("ff"))).extracting(StoreUrl.Server::hostPort).containsExactly("b:9901",
                "c:6379", "last:9");
    }

    @Test
    void whatStandsBeforeTheAtIsThePasswordAndTheWrittenTableHasNone() {
        Router router = Router.of(TEXT, "router.yaml");
        assertThat(router.hasPasswords()).isTrue();
        assertThat(router.replicas(id("00")).getLast().password().orElseThrow().expose()).isEqualTo("secret");
        Router named = Router.of("pools: {p: {'00:ff': 'zdb://user:pw@h:1'}}\nlookup: [p]", "x");
        assertThat(named.replicas(id("00")).getFirst().password().orElseThrow().expose()).isEqualTo("user");
        assertThat(router.text()).doesNotContain("secret");
        Router again = Router.of(router.text(), "written");
        assertThat(again.hasPasswords()).isFalse();
        assertThat(again.replicas(id("7f"))).extracting(StoreUrl.Server::hostPort).containsExactly("a:9900", "c:6379");
        assertThat(again.cache()).containsExactly("near");
    }

    @ParameterizedTest
    @CsvSource({"ab, ab00, true", "ab, ac00, false", "00:7F, 7fff, true", "00:7f, 8000, false", "a, a0ff, true",
        "a, ab, false", "1:3, 30ff, true", "0123:0124, 0125, false", "00000000000000000000000000000000, 00, true"})
    void rangeHoldsTheIdsThatNodesFindInIt(String range, String head, boolean inside) {
        assertThat(KeyRange.of(range).contains(id(head))).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "00:", "00:fff", "ff:00", "00-ff", "000000000000000000000000000000000"})
    void rangeThatNodesRefuseIsRefused(String range) {
        assertThatThrownBy(() -> KeyRange.of(range)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|no lookup", "'lookup: [a]'|names the pool 'a'",
        "'pools: {a: {\"00:ff\": \"zdb://h:1\"}}'|no lookup",
        "'pools: {a: {\"00:ff\": \"dir:///x\"}}'|is not written zdb, ardb or redis",
        "'pools: {a: {\"00:ff\": \"http://h:1\"}}'|is not written zdb",
        "'pools: {a: {\"00:ff\": \"zdb://h\"}}'|host and port are required",
        "'pools: {a: {\"0:fff\": \"zdb://h:1\"}}'|differ in length", "'pools: {a: [1]}'|no map",
        "'pools: {a: {\"00:ff\": \"zdb://h:1\"}, a: {}}'|line 1", "'pools: {a: {'|no valid YAML",
        "'a: [[[[[[[[[[[[]]]]]]]]]]]]'|no valid YAML"})
    void ofWhenTableIsWrongSaysWhatAndWhere(String text, String why) {
        assertThatThrownBy(() -> Router.of(text, "/etc/router.yaml")).isInstanceOfSatisfying(StoreException.class,
                e -> {
                    assertThat(e.kind()).isEqualTo(StoreException.Kind.USAGE);
                    assertThat(e.what()).isEqualTo("read the routing table /etc/router.yaml");
                    assertThat(e.why()).contains(why);
                });
    }

    @Test
    void tableOfAnFlistIsReadWithoutThePoolsThatAreNotInIt() {
        String text = "pools: {a: {'00:ff': 'zdb://h:1'}}\nlookup: [gone, a, 'zdb://canary@h:2']\ncache: [near]";
        List<ReplicaFault> faults = new ArrayList<>();
        StoreUrl.Table url = new StoreUrl.Table(Path.of("/etc/router.yaml"));
        ChunkStores.openTable(text, url, faults::add, StorePatience.USUAL).close();
        assertThat(faults).extracting(ReplicaFault::text).first().isEqualTo(
                "router:///etc/router.yaml: lookup names the pool 'gone', which is not in pools: it is skipped");
        assertThat(faults).hasSize(3).noneMatch(fault -> fault.text().contains("canary"));
        Router router = Router.ofFlist(text, "x", why -> assertThat(why).contains("which is not in pools"));
        assertThat(router.replicas(id("00"))).extracting(StoreUrl.Server::hostPort).containsExactly("h:1");
        assertThat(router.cache()).isEmpty();
        assertThat(Router.ofFlist("lookup: [gone]", "x", why -> assertThat(why).contains("gone")).replicas(id("00")))
                .isEmpty();
        assertThatThrownBy(() -> Router.of(text, "x")).isInstanceOf(StoreException.class).hasMessageContaining("gone");
        assertThatThrownBy(() -> Router.ofFlist("pools: {}", "x", why -> assertThat(why).isNull()))
                .isInstanceOf(StoreException.class).hasMessageContaining("no lookup");
    }

    @Test
    void ofWhenTableIsWrongNeverRepeatsAPassword() {
        for (String text : new String[]{"pools: {p: {'00:ff': 'zdb://canary@h'}}\nlookup: [p]",
            "pools: {p: {'00:ff': 'zdb://:canary@h:99999'}}\nlookup: [p]", "pools: {p: 'zdb://canary@h:1'\n"}) {
            assertThatThrownBy(() -> Router.of(text, "x")).isInstanceOfSatisfying(StoreException.class,
                    e -> assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary"));
        }
    }

    @Test
    void ofWhenServersStandWhereNamesBelongNeverRepeatsAPassword() {
        for (String text : new String[]{"pools: {p: {'zdb://canary@h:1': 'zdb://h:1'}}\nlookup: [p]",
            "pools: {'zdb://canary@h:1': {'00:ff': 'zdb://h'}}\nlookup: [p]",
            "pools: {p: {'00:ff': 'zdb://h:1'}}\nlookup: ['zdb://canary@h:1']"}) {
            assertThatThrownBy(() -> Router.of(text, "x")).isInstanceOfSatisfying(StoreException.class,
                    e -> assertThat(e.what() + e.why() + e.hint()).doesNotContain("canary").contains("h"));
        }
    }

    @Test
    void maskedTextIsWhatWasWrittenWithoutPasswords() {
        assertThat(Router.masked(TEXT)).isEqualTo(TEXT.replace("secret", "***"));
        String plain = "pools: {p: {\"00:ff\":\"zdb://h:1\",\"00\":\"zdb://g:1\"}} # ask me@example.org\nlookup: [p]\n";
        assertThat(Router.masked(plain)).isEqualTo(plain);
        assertThat(Router.masked(plain.replace("zdb://g", "zdb://canary:x@g")))
                .isEqualTo(plain.replace("zdb://g", "zdb://***@g"));
        assertThat(Router.masked("# zdb://canary@old:1\n" + plain)).startsWith("# zdb://***@old:1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pools: {p: {'00:ff': \"zdb:\\/\\/canary\\u0040h:1\"}}\nlookup: [p]",
        "pools: {p: {'00:ff': zdb://canary with spaces@h:1}}\nlookup: [p]",
        "pools: {p: {'00:ff': \"zdb://canary\\\n    @h:1\"}}\nlookup: [p]",
        "pools: {p: {'00:ff': 'zdb://can/ary@h:1'}}\nlookup: [p]", "pools: {p: 'zdb://canary x@h:1'\n"})
    void maskedTextNeverShowsAPasswordHoweverItIsWritten(String text) {
        assertThat(Router.masked(text)).contains("zdb://***@h:1").doesNotContain("canary", "can/ary");
        assertThat(Router.masked(Router.masked(text))).isEqualTo(Router.masked(text));
    }

    @Test
    void ofWhenTextIsDamagedReadsOrRefuses() {
        Random random = new Random(21);
        String alphabet = "{}[]:,&*!|>'\"%@`#-? \n\t0aF\\\u00e9";
        int read = 0;
        for (int i = 0; i < 800; i++) {
            StringBuilder text = new StringBuilder(TEXT);
            for (int changes = random.nextInt(6); changes >= 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(9)));
                }
            }
            try {
                read += Router.of(text.toString(), "x").lookup().size();
            } catch (StoreException e) {
                assertThat(e.kind()).as("round %d", i).isEqualTo(StoreException.Kind.USAGE);
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void ofWhenAliasesWouldMultiplyStaysSmall() {
        StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 30; i++) {
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
        }
        assertThatThrownBy(() -> Router.of(text.toString(), "x")).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> Router.of("a: [" + "x,".repeat(1 << 20) + "]", "x"))
                .isInstanceOf(StoreException.class).hasMessageContaining("more than 1048576 characters");
    }
}
