package zship.cli.render;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import zship.cli.failure.Failure;

import static org.assertj.core.api.Assertions.assertThat;

class OutputTest {
    private static final Failure FAILURE = new Failure(3, "no answer from store 127.0.0.1:9900", "connection refused",
            "start the store");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void whatPassesIsWipedBeforeTheNextLine() {
        Output output = output(Progress.TTY);
        output.passing("read 1 MiB");
        output.note("done");
        output.note("more");
        assertThat(text(err)).isEqualTo("\r\033[2K read 1 MiB\r\033[2Kdone\nmore\n");
    }

    @Test
    void whatPassesIsForTerminalsOnly() {
        output(Progress.PLAIN).passing("read 1 MiB");
        output(Progress.JSON).passing("read 1 MiB");
        assertThat(text(err)).isEmpty();
        assertThat(text(out)).isEmpty();
    }

    @Test
    void plainStepIsOneLineOnStandardError() {
        Output output = output(Progress.PLAIN);
        Output.Step step = output.step(1, 5, "root");
        step.doing("compiling");
        step.done("icecast 2.4.4", Map.of("files", 69));
        output.result(Map.of("url", "http://127.0.0.1:8000"), "http://127.0.0.1:8000");
        assertThat(text(err)).startsWith(" 1/5 root      icecast 2.4.4  ").endsWith("0.0s\n").hasLineCount(1)
                .doesNotContain("\r");
        assertThat(text(out)).isEqualTo("http://127.0.0.1:8000\n");
    }

    @Test
    void terminalRewritesTheRunningLine() {
        Output.Step step = output(Progress.TTY).step(1, 5, "root");
        step.doing("compiling");
        step.done("icecast 2.4.4", Map.of());
        assertThat(text(err)).contains("\r\033[2K 1/5 root      compiling").contains("icecast 2.4.4");
    }

    @Test
    void jsonGoesToStandardOutputOnly() {
        Output output = output(Progress.JSON);
        output.step(1, 5, "root").done("x", Map.of("files", 69));
        output.failure(FAILURE);
        assertThat(text(err)).isEmpty();
        assertThat(text(out)).isEqualTo("""
                {"event":"step","step":"root","seconds":0.0,"files":69}
                {"event":"error","code":3,"what":"no answer from store 127.0.0.1:9900",\
                "why":"connection refused","hint":"start the store"}
                """);
    }

    @Test
    void failureIsThreeLines() {
        output(Progress.QUIET).failure(FAILURE);
        assertThat(text(err)).isEqualTo("""
                error: no answer from store 127.0.0.1:9900
                  connection refused
                  hint: start the store
                """);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void tableAlignsItsColumns() {
        output(Progress.PLAIN).table(List.of("NAME", "ID"), List.of(List.of("icecast2", "1"), List.of("x", "12")));
        assertThat(text(out)).isEqualTo("NAME      ID\nicecast2  1\nx         12\n");
    }

    @ParameterizedTest
    @CsvSource({"auto,false,true,xterm,TTY", "auto,false,false,xterm,PLAIN", "auto,false,true,dumb,PLAIN",
        "auto,true,true,xterm,JSON", "quiet,false,true,xterm,QUIET", "tty,false,false,xterm,TTY"})
    void progressFollowsTheTerminal(String wanted, boolean json, boolean terminal, String term, Progress mode) {
        assertThat(Progress.of(wanted, json, terminal, Map.of("TERM", term))).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "1024,1.0 KiB", "60000000,57.2 MiB"})
    void bytesHaveABinaryUnit(long bytes, String text) {
        assertThat(Sizes.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void secondsHaveOneDecimal() {
        assertThat(Sizes.seconds(Duration.ofMillis(12340))).isEqualTo("12.3s");
    }

    @Test
    void explanationsGoToTheStandardErrorWhenAskedFor() {
        output(Progress.PLAIN).event("fetched", Map.of("url", "http://x", "bytes", 5));
        assertThat(text(err)).isEmpty();

        output(Progress.PLAIN).explaining().event("fetched", Map.of("url", "http://x", "bytes", 5));
        assertThat(text(err)).isEqualTo("     fetched: bytes 5, url http://x\n");
        assertThat(text(out)).isEmpty();
    }

    private Output output(Progress progress) {
        return new Output(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), progress, () -> Instant.EPOCH);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
