package zship.localnode.container;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StartupFileTest {
    private final StartupFile file = new StartupFile(Map.of("FOO", "foo1", "HOME", "/"),
            Map.of("console", "ttyS0", "quiet", ""));

    @Test
    void serviceIsReadWithItsDefaults() throws StartupException {
        List<Service> services = file.read("""
                [startup.web]
                name = "core.system"
                [startup.web.args]
                name = "/bin/httpd"
                args = ["-f", "{FOO}"]
                """);
        assertThat(services).singleElement().satisfies(service -> {
            assertThat(service.key()).isEqualTo("web");
            assertThat(service.command()).isEqualTo("core.system");
            assertThat(service.arguments().toString())
                    .isEqualTo("{\"args\":[\"-f\",\"foo1\"],\"name\":\"/bin/httpd\"}");
            assertThat(service.wanted()).isTrue();
            assertThat(service.runningDelay()).isZero();
            assertThat(service.tags()).isEmpty();
        });
    }

    @Test
    void fieldNamesMatchWithoutCaseAndUnderscores() throws StartupException {
        assertThat(file.read("""
                [Startup.a]
                Name = "bash"
                MaxRestart = 3
                running_delay = -1
                Protected = true
                tags = ["t"]
                """)).singleElement().satisfies(service -> {
            assertThat(service.maxRestart()).isEqualTo(3);
            assertThat(service.runningDelay()).isEqualTo(-1);
            assertThat(service.keepAlive()).isTrue();
            assertThat(service.tags()).hasValue(List.of("t"));
        });
    }

    @Test
    void braceIsReplacedInsideADollarBraceToo() throws StartupException {
        assertThat(script("1=${FOO} 2=$FOO 3=${FOO:-x} 4={FOO} 5=${NOPE} 6=${HOME} 7={console}"))
                .isEqualTo("1=$foo1 2=$FOO 3=${FOO:-x} 4=foo1 5=${NOPE} 6=$/ 7=ttyS0");
    }

    private String script(String text) throws StartupException {
        return file.read("[startup.a]\nname='bash'\n[startup.a.args]\nscript='" + text + "'").getFirst().arguments()
                .get("script").stringValue();
    }

    @Test
    void argumentWithAConditionIsTestedAgainstTheEnvironment() throws StartupException {
        assertThat(file.read("""
                [startup.a]
                name = "bash"
                [startup.a.args]
                "FOO|script" = "with foo"
                "not(FOO)|stdin" = "without"
                """).getFirst().arguments().toString()).isEqualTo("{\"script\":\"with foo\"}");
    }

    @Test
    void conditionOfAServiceIsTestedAgainstTheKernel() throws StartupException {
        assertThat(file.read("[startup.a]\nname='bash'\ncondition='and(quiet, not(FOO))'").getFirst().wanted())
                .isTrue();
        assertThat(file.read("[startup.a]\nname='bash'\ncondition='FOO'").getFirst().wanted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[startup.a]\nname='bash'\nunknown=1", "[other]\nx=1",
        "[startup.a]\nname='bash'\nafter=['b']",
        "[startup.a]\nname='bash'\nafter=['b']\n[startup.b]\nname='bash'\nafter=['a']", "[startup.a\n",
        "[startup.a]\nname=5", "[startup.a]\nname='bash'\nmax_restart='x'", "startup = 5",
        "[startup.a]\nname='bash'\nrunning_match='('", "[startup.a]\nname='bash'\ncondition='and('"})
    void fileWithAFaultIsRejectedAsAWhole(String text) {
        assertThatThrownBy(() -> file.read(text)).isInstanceOf(StartupException.class);
    }

    private RunningMatch match(String expression) throws StartupException {
        return file.read("[startup.a]\nname='bash'\nrunning_match='" + expression + "'").getFirst().runningMatch()
                .orElseThrow();
    }

    @Test
    void runningMatchIsThatOfPosixOnEachLineOfAMessage() throws StartupException {
        assertThat(match("^[[:digit:]]{4} [[:alpha:]]+$").isIn("booting\n2026 ready\nmore\n")).isTrue();
        assertThat(match("[[:digit:]]").isIn("[:digit:] it is not")).isFalse();
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void runningMatchTakesTimeAsTheTextIsLong() throws StartupException {
        assertThat(match("(a+)+$").isIn("a".repeat(30_000) + "b")).isFalse();
    }

    @Test
    void runningMatchThatWouldFillTheMemoryIsRejected() {
        for (String hostile : List.of("((((x{30}){30}){30}){30}){30}", "(x{999}){999}", "x{0,1000}".repeat(100),
                "(".repeat(20_000) + ")".repeat(20_000))) {
            assertThatThrownBy(() -> match(hostile)).isInstanceOf(StartupException.class)
                    .hasMessage("running_match of a: the expression is too large");
        }
    }

    @Test
    void phasesOfTheNodeMayBeWaitedForAndExtensionsAreIgnored() throws StartupException {
        assertThat(file.read("[startup.a]\nname='bash'\nafter=['init','net','boot']\n[extension.x]\nbinary='y'"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                    | true
            true                  | true
            false                 | false
            a                     | true
            b                     | false
            not(b)                | true
            and(a, not(b))        | true
            or( b , false )       | false
            and(or(b,a),not(false)) | true
            """)
    void conditionHolds(String text, boolean expected) throws StartupException {
        assertThat(Condition.holds(text, "a"::equals)).isEqualTo(expected);
    }

    @Test
    void deeplyNestedConditionIsRefused() {
        assertThatThrownBy(() -> Condition.holds("not(".repeat(100_000), "a"::equals))
                .isInstanceOf(StartupException.class);
    }
}
