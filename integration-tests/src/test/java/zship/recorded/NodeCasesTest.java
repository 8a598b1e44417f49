package zship.recorded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Every recorded conversation is either played to the local node, or named here with the reason why not. */
class NodeCasesTest {
    private static final Map<String, String> NOT_PLAYED = notPlayed();

    private static Map<String, String> notPlayed() {
        Map<String, String> reasons = new TreeMap<>();
        reasons.put("create_bad_storage", "which root is made from which store is tested with the roots");
        reasons.put("create_defaults", "the recorded default store had no chunks: see create_bad_storage");
        reasons.put("create_hostname_privileged", "lists of files, mounts and capabilities: IsolationIT");
        reasons.put("create_missing_chunk", "see create_bad_storage");
        reasons.put("fs_killed", "kills g8ufs, which does not run here");
        reasons.put("hostnet_forward_leak", "a leak of the real node's nft rules");
        reasons.put("id_of_internal_job", "jobs of the real node's own parts, such as redis");
        reasons.put("list_foreign_nft_rule", "nft rules of others; the local node has none");
        reasons.put("nic_bridge", "bridges of the machine; the local node makes none");
        reasons.put("output_limits", "sizes of single reads: JobTest");
        reasons.put("parallel_create", "any one of two creations loses: ContainersIT");
        reasons.put("proxy_restart", "the real node's proxy is a process of its own");
        reasons.put("queue_serialises", "the order of two jobs: JobTest");
        reasons.put("recurring", "how often a job ran until then: JobTest");
        reasons.put("redis_restart", "the real node's redis is a process of its own; NodeKillIT ends the whole node");
        reasons.put("resp_auth", "a token that is accepted could not be recorded: AuthenticationTest");
        reasons.put("resp_pool", "twenty clients at once stop a real node; here they do not: RespServerTest");
        reasons.put("stream_limit", "thousands of messages: ResultsTest");
        reasons.put("subscribe", "moments of single messages: JobTest");
        reasons.put("terminate_bad_signal_race", "a race in which a real node hangs: ContainersIT");
        reasons.put("terminate_during_create", "a real node breaks the creation: ContainersIT");
        return reasons;
    }

    @Test
    void everyConversationIsPlayedOrNamedWithAReason() {
        Set<String> played = NodeCase.all().stream().map(NodeCase::name)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(played).doesNotContainAnyElementsOf(NOT_PLAYED.keySet());
        Set<String> known = new TreeSet<>(played);
        known.addAll(NOT_PLAYED.keySet());
        assertThat(known).containsExactlyElementsOf(recorded());
    }

    @Test
    void everyDifferenceBelongsToAStep() {
        Map<String, Integer> steps = NodeCase.all().stream()
                .collect(Collectors.toMap(NodeCase::name, each -> each.steps().size()));
        assertThat(NodeDifferences.named()).allSatisfy(name -> {
            String[] parts = name.split(" ");
            assertThat(steps).containsKey(parts[0]);
            assertThat(Integer.parseInt(parts[1])).isLessThan(steps.get(parts[0]));
        });
    }

    private static List<String> recorded() {
        try (InputStream in = Objects
                .requireNonNull(NodeCasesTest.class.getResourceAsStream("/recorded/node-cases.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
