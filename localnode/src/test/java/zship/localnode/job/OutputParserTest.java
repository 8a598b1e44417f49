package zship.localnode.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutputParserTest {
    private final List<String> messages = new ArrayList<>();
    private final OutputParser parser = new OutputParser(1, (level, text) -> messages.add(level + ":" + text));

    @Test
    void typedLineSplitsThePlainTextAroundIt() {
        parser.add("plain\n20::{\"a\":1}\nmore\n");
        assertThat(messages).containsExactly("1:plain\n", "20:{\"a\":1}\n", "1:more\n");
    }

    @Test
    void blockEndsBeforeItsClosingLine() {
        parser.add("20:::\n{\"b\":\n 2}\n:::\nrest\n");
        assertThat(messages).containsExactly("20:\n{\"b\":\n 2}", "1:rest\n");
    }

    @Test
    void typedLineSplitOverReadsIsOneMessage() {
        parser.add("20::{\"a\"");
        parser.add(":1}\nrest");
        assertThat(messages).containsExactly("20:{\"a\":1}\n", "1:rest");
    }

    @Test
    void blockSplitInsideItsEndIsOneMessage() {
        parser.add("20:::x\n:");
        parser.add("::\nrest");
        assertThat(messages).containsExactly("20:x", "1:rest");
    }

    @Test
    void unfinishedTypedLineCountsAtTheEnd() {
        parser.add("9::critical");
        parser.end();
        assertThat(messages).containsExactly("9:critical");
    }

    @Test
    void levelInsideALineIsPlainText() {
        parser.add("see 20::x\n1234::y\n0::z\n");
        assertThat(messages).containsExactly("1:see 20::x\n1234::y\n0::z\n");
    }

    @Test
    void anyOutputInAnyPiecesIsReadWithoutLosingPlainText() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            OutputParser any = new OutputParser(1, (level, text) -> assertThat(text).isNotNull());
            for (int i = 0; i < 20; i++) {
                StringBuilder chunk = new StringBuilder();
                for (int j = random.nextInt(12); j >= 0; j--) {
                    chunk.append("20:\nx ".charAt(random.nextInt(6)));
                }
                any.add(chunk.toString());
            }
            any.end();
        }
    }
}
