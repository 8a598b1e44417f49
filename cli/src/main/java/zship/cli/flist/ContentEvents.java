package zship.cli.flist;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

import zship.cli.render.Output;

/** Bytes as events: {@code {"event":"content","base64":"..."}}, one for each piece that is written. */
final class ContentEvents extends OutputStream {
    private final Output output;

    ContentEvents(Output output) {
        this.output = output;
    }

    @Override
    public void write(int single) {
        write(new byte[]{(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
        output.event("content", Map.of("base64",
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, start, start + length))));
    }
}
