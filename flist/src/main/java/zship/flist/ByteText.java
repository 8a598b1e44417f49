package zship.flist;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Shows bytes that are mostly UTF-8 as one line of text, without losing any of them. */
final class ByteText {
    private ByteText() {
    }

    /** UTF-8 where valid; every other byte and every control character as {@code \xHH}; a backslash doubled. */
    static String show(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            appendVisible(text, out.flip());
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendHex(text, in.get());
            }
            decoder.reset();
        }
    }

    private static void appendVisible(StringBuilder text, CharBuffer chars) {
        while (chars.hasRemaining()) {
            char c = chars.get();
            if (c == '\\') {
                text.append("\\\\");
            } else if (c < 0x20 || c == 0x7f) {
                appendHex(text, (byte) c);
            } else {
                text.append(c);
            }
        }
    }

    private static void appendHex(StringBuilder text, byte b) {
        text.append("\\x").append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
}
