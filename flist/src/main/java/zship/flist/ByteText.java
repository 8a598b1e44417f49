package zship.flist;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

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

    /** The bytes that {@link #show} shows as {@code text}; a backslash that begins no escape stands for itself. */
    static byte[] read(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int start = 0;
        for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', start)) {
            out.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
            if (text.startsWith("\\", i + 1)) {
                out.write('\\');
                start = i + 2;
            } else if (isHexEscape(text, i)) {
                out.write(HexFormat.fromHexDigits(text, i + 2, i + 4));
                start = i + 4;
            } else {
                out.write('\\');
                start = i + 1;
            }
        }
        out.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static boolean isHexEscape(String text, int at) {
        return at + 4 <= text.length() && text.charAt(at + 1) == 'x' && HexFormat.isHexDigit(text.charAt(at + 2))
                && HexFormat.isHexDigit(text.charAt(at + 3));
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
