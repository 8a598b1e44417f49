package zship.localnode.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits the output of a program into messages. A line {@code <level>::text} is one message of that level;
 * {@code <level>:::} starts one that ends before a line {@code :::}. Headers count only at the start of a line or of a chunk;
 * everything else keeps the stream's own level.
 */
final class OutputParser {

    /** Takes the messages. */
    @FunctionalInterface
    interface Sink {
        void accept(int level, String text);
    }

    private static final Pattern HEADER = Pattern.compile("(\\d{1,3})::(:?)");
    private static final String BLOCK_END = "\n:::";
    private static final int TYPED_LIMIT = 1 << 20;

    private final int ownLevel;
    private final Sink sink;
    private final StringBuilder typed = new StringBuilder();
    private int typedLevel;
    private boolean block;

    OutputParser(int ownLevel, Sink sink) {
        this.ownLevel = ownLevel;
        this.sink = sink;
    }

    /** Takes what one read returned. */
    void add(String chunk) {
        int at = typedLevel > 0 ? typed(chunk, 0) : 0;
        StringBuilder plain = new StringBuilder();
        Matcher header = HEADER.matcher(chunk);
        while (at < chunk.length()) {
            if (header.region(at, chunk.length()).lookingAt() && Integer.parseInt(header.group(1)) > 0) {
                plain(plain);
                typedLevel = Integer.parseInt(header.group(1));
                block = !header.group(2).isEmpty();
                at = typed(chunk, header.end());
            } else {
                int end = chunk.indexOf('\n', at);
                int next = end < 0 ? chunk.length() : end + 1;
                plain.append(chunk, at, next);
                at = next;
            }
        }
        plain(plain);
    }

    /** The output has ended: an unfinished message counts as it is. */
    void end() {
        if (typedLevel > 0) {
            finish(typed.length());
        }
    }

    private void plain(StringBuilder text) {
        if (!text.isEmpty()) {
            sink.accept(ownLevel, text.toString());
            text.setLength(0);
        }
    }

    /** Goes on with a typed message; returns where plain text starts again. */
    private int typed(String chunk, int from) {
        int before = typed.length();
        typed.append(chunk, from, chunk.length());
        int end = typed.indexOf(block ? BLOCK_END : "\n", block ? Math.max(0, before - BLOCK_END.length()) : before);
        if (end < 0) {
            if (typed.length() > TYPED_LIMIT) {
                finish(typed.length());
            }
            return chunk.length();
        }
        int consumed = end + (block ? BLOCK_END.length() : 1);
        if (block && consumed < typed.length() && typed.charAt(consumed) == '\n') {
            consumed++;
        }
        finish(block ? end : consumed);
        return from + consumed - before;
    }

    private void finish(int length) {
        String text = typed.substring(0, length);
        int level = typedLevel;
        typed.setLength(0);
        typedLevel = 0;
        sink.accept(level, text);
    }
}
