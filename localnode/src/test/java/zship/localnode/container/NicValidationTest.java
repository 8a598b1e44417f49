package zship.localnode.container;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.localnode.job.CommandException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The texts are those of 0-core. */
class NicValidationTest {

    private static Nic nic(String kind) {
        String[] words = kind.split(":", 2);
        return new Nic(words[0], words.length > 1 ? words[1] : "", "", "", new Nic.Config(false, "", "", List.of()),
                false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            default,default        | only one default network is allowed
            bridge:b0,bridge:b0    | connecting to bridge 'b0' more than one time is not allowed
            bridge:core0           | cannot use bridge core0 with nic type 'bridge', please use type default instead
            macvlan:core0          | cannot use bridge core0 with nic type 'macvlan', please use link with type 'device' instead
            macvlan:nowhere        | Link not found
            token-ring             | unsupported network type 'token-ring'
            """)
    void whatIsWrongBeforeAnythingIsMade(String kinds, String text) {
        List<Nic> nics = Arrays.stream(kinds.split(",")).map(NicValidationTest::nic).toList();
        assertThatThrownBy(() -> NicValidation.check(nics)).hasMessage(text);
    }

    @Test
    void differentBridgesAreNoMistake() throws CommandException {
        NicValidation.check(List.of(nic("bridge:b0"), nic("bridge:b1"), nic("default")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bridge:nowhere | 404 | bridge 'nowhere' not found: Link not found
            bridge:lo      | 400 | 'lo' is not a bridge
            vlan:x         | 500 | strconv.ParseInt: parsing "x": invalid syntax
            vlan:4095      | 500 | invalid vlan id (0-4094)
            vlan:-1        | 500 | invalid vlan id (0-4094)
            vlan:4094      | 412 | ovs is needed for VLAN network type
            vxlan:5000     | 412 | ovs is needed for VXLAN network type
            """)
    void whatIsMissingWhenItIsMade(String kind, int code, String text) {
        CommandException refused = catchThrowableOfType(CommandException.class,
                () -> NicValidation.refuseUnlessDefault(nic(kind)));
        assertThat(refused.text()).isEqualTo(text);
        assertThat(refused.code()).isEqualTo(code);
    }
}
