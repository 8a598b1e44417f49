package zship.localnode.process;

import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is done to the processes of a container must never be done to those of the machine. */
class ProcessTableTest {
    private final ProcessMark own = ProcessMark.own();

    @Test
    void namespaceOfALiveProcessHoldsItAndItsMemory() {
        ProcessTable table = ProcessTable.ofNamespace(Optional.of(own));
        assertThat(table.pids()).contains(own.pid());
        assertThat(table.memory().resident()).isPositive().isLessThanOrEqualTo(table.memory().virtual());
    }

    @Test
    void namespaceOfAProcessThatEndedHoldsNothing() {
        assertThat(ProcessTable.ofNamespace(Optional.empty()).pids()).isEmpty();
        assertThat(ProcessTable.ofNamespace(Optional.of(new ProcessMark(1 << 30, "then"))).pids()).isEmpty();
    }

    @Test
    void namespaceOfAProcessWhoseNumberAnotherHasNowHoldsNothing() {
        ProcessTable table = ProcessTable.ofNamespace(Optional.of(new ProcessMark(own.pid(), "an earlier start")));
        assertThat(table.holds(own.pid())).isFalse();
        assertThat(table.pids()).isEmpty();
        assertThat(table.memory()).isEqualTo(new ProcessTable.Memory(0, 0));
    }
}
