package zship.flist.edit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import zship.flist.AddressMask;
import zship.flist.Flist;
import zship.flist.Secret;
import zship.flist.store.Router;

/** Passwords that other tools have put into an flist. We put none in and show none, but leave those that are there. */
public final class Passwords {
    private static final String BACKEND = "backend";
    private static final List<String> SECRET = List.of("password", "token");
    private static final Pattern MEMBER = Pattern
            .compile("(\"(?:password|token)\"\\s*:\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*\"?|[^\\s,}]+)");

    private Passwords() {
    }

    /** The value of a metadata key for people and programs to see: as it is, with {@code ***} for passwords. */
    public static String masked(String key, String value) {
        return key.equals(BACKEND) ? maskedBackend(value) : value;
    }

    /** Whether the routing table of {@code flist} gives a server a password. */
    public static boolean areInRouter(Flist flist) {
        return flist.router().filter(text -> !Router.masked(text).equals(text)).isPresent();
    }

    /** Whether the {@code backend} metadata of {@code flist} has a password. */
    public static boolean areInBackend(Flist flist) {
        return Optional.ofNullable(flist.metadata().get(BACKEND)).filter(text -> !maskedBackend(text).equals(text))
                .isPresent();
    }

    private static String maskedBackend(String text) {
        try {
            if (JsonMapper.shared().readTree(text) instanceof ObjectNode value) {
                List<String> found = SECRET.stream().filter(name -> !value.path(name).asString("x").isEmpty())
                        .filter(value::hasNonNull).toList();
                found.forEach(name -> value.put(name, Secret.of("").toString()));
                return found.isEmpty() ? text : MetadataValues.text(value);
            }
        } catch (JacksonException free) {
            return maskedText(text);
        }
        return maskedText(text);
    }

    private static String maskedText(String text) {
        return AddressMask.text(MEMBER.matcher(text).replaceAll("$1\"***\""));
    }
}
