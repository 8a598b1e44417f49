package zship.flist.store;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AnswerGuardTest {
    private static final byte[] SOUND = "+OK\r\n$3\r\n$9\n\r\n$0\r\n\r\n$-1\r\n:1\r\n-ERR no\r\n+\r\n$5\r\n\r\n\r\n1\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void soundAnswersComeThroughWhereverTheyAreCut() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            EmbeddedChannel channel = new EmbeddedChannel(new AnswerGuard(5));
            for (int from = 0; from < SOUND.length;) {
                int length = Math.min(SOUND.length - from, 1 + random.nextInt(round == 0 ? 1 : 12));
                channel.writeInbound(Unpooled.copiedBuffer(SOUND, from, length));
                from += length;
            }
            assertThat(received(channel)).isEqualTo(new String(SOUND, StandardCharsets.US_ASCII));
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void onlyWhatIsInFrontOfTheFirstImpossibleAnswerComesThrough() {
        EmbeddedChannel channel = new EmbeddedChannel(new AnswerGuard(5));
        ByteBuf bytes = Unpooled.copiedBuffer("$1\r\nx\r\n$6\r\n123456\r\n", StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> channel.writeInbound(bytes)).isInstanceOf(ImpossibleAnswerException.class)
                .hasMessage("is 6 bytes long, and at most 5 are possible");
        assertThat(received(channel)).isEqualTo("$1\r\nx\r\n");
        assertThat(bytes.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    private static String received(EmbeddedChannel channel) {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            text.append(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
        return text.toString();
    }
}
