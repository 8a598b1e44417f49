package zship.cli.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the doctor found about one thing.
 *
 * @param name the thing, in one or two words
 * @param verdict whether it is well
 * @param found what was found, as reported
 * @param remedy the next command; empty when nothing is to be done
 */
public record Check(String name, Verdict verdict, String found, String remedy) {

    /** Whether a thing is well. */
    public enum Verdict {
        /** It is. */
        OK,
        /** It is missing, and only some things need it. */
        NOTE,
        /** It is missing, and {@code up} needs it. */
        FAIL
    }

    static Check ok(String name, String found) {
        return new Check(name, Verdict.OK, found, "");
    }

    static Check note(String name, String found, String remedy) {
        return new Check(name, Verdict.NOTE, found, remedy);
    }

    static Check fail(String name, String found, String remedy) {
        return new Check(name, Verdict.FAIL, found, remedy);
    }

    /** Whether {@code up} cannot work like this. */
    public boolean failed() {
        return verdict == Verdict.FAIL;
    }

    /** The same for programs. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
        fields.put("found", found);
        fields.put("remedy", remedy);
        return fields;
    }
}
