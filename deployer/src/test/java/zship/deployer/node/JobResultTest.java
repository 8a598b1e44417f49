package zship.deployer.node;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import zship.deployer.fake.Recordings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JobResultTest {

    @Test
    void parseReadsEveryRecordedResult() {
        for (JsonNode line : Recordings.lines("recorded-results.jsonl")) {
            JobResult result = JobResult.parse(line.path("raw").asString());
            assertThat(result.state()).isNotEqualTo(JobState.OTHER);
            assertThat(result.success() || !result.failure().isBlank()).as(line.toString()).isTrue();
        }
    }

    @Test
    void textTakesTheJsonQuotesOff() {
        assertThat(first("ping").text()).isEqualTo("PONG Version: {branch} @Revision: {revision} (dirty-repo)");
    }

    @Test
    void failureOfABuiltInCommandIsItsText() {
        JobResult result = first("create_404");
        assertThat(result.failure()).isEqualTo("mount-root-flist(failed to download flist: 404 File not found)");
        assertThat(result.code().meaning()).isEqualTo(ResultCode.Meaning.INTERNAL);
    }

    @Test
    void failureOfAProcessIsItsStatusAndLastWords() {
        JobResult result = first("system_fail");
        assertThat(result.failure()).isEqualTo("exit status 3: err");
        assertThat(result.code().exitStatus()).hasValue(3);
    }

    @Test
    void failureOfAMissingProgramIsTheNodesText() {
        assertThat(Recordings.results("system_fail")).anySatisfy(raw -> assertThat(JobResult.parse(raw).failure())
                .isEqualTo("exec: \"no-such-binary\": executable file not found in $PATH"));
    }

    @Test
    void failureOfAnUnknownCommandNamesIt() {
        assertThat(first("unknown_command").failure()).startsWith("the node does not know the command '");
    }

    @Test
    void failureOfAPanicIsItsCriticalMessage() {
        assertThat(Recordings.results("no_arguments")).map(JobResult::parse).filteredOn(r -> !r.success())
                .allSatisfy(r -> assertThat(r.failure()).contains("nil pointer dereference"));
    }

    @Test
    void failureOfATimeLimitSaysSo() {
        assertThat(Recordings.results("max_time_timeout")).map(JobResult::parse)
                .anySatisfy(r -> assertThat(r.failure()).isEqualTo("killed by the node after its time limit"));
    }

    @Test
    void parseKeepsTypedOutput() {
        List<JobResult> typed = Recordings.results("result_levels").stream().map(JobResult::parse).toList();
        assertThat(typed).anySatisfy(r -> assertThat(r.output().level()).isEqualTo(MessageLevel.JSON));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not json", "[]", "{}", "{\"id\":5,\"state\":\"SUCCESS\"}", "{\"id\":\"a\"", "null"})
    void parseWhenTextIsNoResultFailsClearly(String text) {
        assertThatThrownBy(() -> JobResult.parse(text)).isInstanceOf(NodeException.class)
                .hasMessageStartingWith("read a job result: ");
    }

    @ParameterizedTest
    @CsvSource({"0,NONE", "3,EXIT", "255,EXIT", "400,BAD_REQUEST", "404,NOT_FOUND", "412,PRECONDITION", "500,INTERNAL",
        "503,UNAVAILABLE", "999,SIGNAL", "1000,EXIT", "1255,EXIT", "1256,OTHER", "4294967295,SIGNAL", "406,OTHER",
        "-1,OTHER"})
    void codeRangesMeanWhatTheNodeMeans(long code, ResultCode.Meaning meaning) {
        assertThat(new ResultCode(code).meaning()).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,SUCCESS", "DUPILICATE_ID,DUPILICATE_ID", "DUPLICATE_ID,DUPILICATE_ID", "KILLED,KILLED",
        "UNKNOWN_CMD,UNKNOWN_CMD", "BORED,OTHER"})
    void statesAreReadWithTheMisspeltOne(String word, JobState state) {
        assertThat(JobState.of(word)).isEqualTo(state);
    }

    private static JobResult first(String recordedCase) {
        return JobResult.parse(Recordings.results(recordedCase).getFirst());
    }
}
