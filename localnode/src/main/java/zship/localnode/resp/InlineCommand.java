package zship.localnode.resp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A request sent as one line: words separated by blanks, with the quoting rules of Redis. */
final class InlineCommand {

    private final byte[] line;
    private int at;

    private InlineCommand(byte[] line) {
        this.line = line;
    }

    /** The words; empty when a quote is not closed or is followed by something else than a blank. */
    static Optional<List<byte[]>> split(String line) {
        return new InlineCommand(line.getBytes(StandardCharsets.UTF_8)).words();
    }

    private Optional<List<byte[]>> words() {
        List<byte[]> words = new ArrayList<>();
        while (skipBlanks()) {
            ByteArrayOutputStream word = new ByteArrayOutputStream();
            while (at < line.length && !isBlank(line[at])) {
                byte character = line[at++];
                if (character == '"' || character == '\'') {
                    if (!quoted(character, word)) {
                        return Optional.empty();
                    }
                } else {
                    word.write(character);
                }
            }
            words.add(word.toByteArray());
        }
        return Optional.of(words);
    }

    private boolean skipBlanks() {
        while (at < line.length && isBlank(line[at])) {
            at++;
        }
        return at < line.length;
    }

    private boolean quoted(byte quote, ByteArrayOutputStream word) {
        while (at < line.length) {
            byte character = line[at++];
            if (character == quote) {
                return at == line.length || isBlank(line[at]);
            }
            if (character == '\\' && at < line.length && (quote == '"' || line[at] == '\'')) {
                word.write(quote == '"' ? escaped(line[at++]) : line[at++]);
            } else {
                word.write(character);
            }
        }
        return false;
    }

    private int escaped(byte character) {
        return switch (character) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            case 'x' -> hex();
            default -> character;
        };
    }

    private int hex() {
        if (at + 2 <= line.length) {
            int high = Character.digit(line[at], 16);
            int low = Character.digit(line[at + 1], 16);
            if (high >= 0 && low >= 0) {
                at += 2;
                return high * 16 + low;
            }
        }
        return 'x';
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character >= 9 && character <= 13;
    }
}
