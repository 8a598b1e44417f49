package zship.deployer.node;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import zship.deployer.fake.Recordings;

import static org.assertj.core.api.Assertions.assertThat;

class StreamMessageTest {

    @Test
    void parseReadsLevelsAndTheEndOfRecordedStreams() {
        for (JsonNode stream : Recordings.lines("recorded-streams.jsonl")) {
            List<StreamMessage> messages = new ArrayList<>();
            stream.path("raw").forEach(raw -> messages.add(StreamMessage.parse(raw.asString())));
            assertThat(messages.getLast().last()).as(stream.toString()).isTrue();
            assertThat(messages.subList(0, messages.size() - 1)).noneMatch(StreamMessage::last);
            assertThat(messages).extracting(StreamMessage::level).doesNotContain(MessageLevel.OTHER);
        }
    }

    @Test
    void parseReadsTextTimeAndEnd() {
        StreamMessage message = StreamMessage.parse("{\"core\":3,\"command\":\"x\",\"message\":"
                + "{\"message\":\"one\\n\",\"epoch\":1795453230696437311,\"meta\":131077}}");
        assertThat(message.text()).isEqualTo("one\n");
        assertThat(message.time()).hasToString("2026-11-23T17:00:30.696437311Z");
        assertThat(message.level()).isEqualTo(MessageLevel.STDERR);
        assertThat(message.end()).isEqualTo(StreamMessage.End.ERROR);
        assertThat(message.container()).isEqualTo(3);
    }
}
