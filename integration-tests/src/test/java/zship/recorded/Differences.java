package zship.recorded;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Where the embedded hub answers otherwise than the recorded one, and why; everything else must be the same. */
final class Differences {
    /** Values that depend on when and from what a file was made. */
    private static final Set<String> VARYING = Set.of("updated", "linktime", "size", "md5", "official");

    /** By the beginning of an exchange's name and the status that is better, or says that it is not offered. */
    private static final List<Group> GROUPS = List.of(
            new Group("what is wrong with a request is the client's fault, so not 500",
                    "19:400 20:400 22:400 23:400 24:400 29:400 m03:400 m04:400 m05:404 m06:400"),
            new Group("a file that is no flist, and missing chunks with their ids, are told from a broken hub",
                    "15:422 16:422 17:422 z05:422"),
            new Group("an archive that cannot be read whole is refused, and nothing is published",
                    "18:422 t02:422 t03:404 t04:422 t05:404"),
            new Group("the directories are counted as they are in the flist",
                    "12:200 13:200 14:200 21:200 a22:200 m00:200 t00:200 z07:200"),
            new Group("names are never changed or taken raw, but refused",
                    "26:400 27:400 28:400 x04:400 x01:400"),
            new Group("an encoded .. or slash leads nowhere",
                    "x00:404 x02:404"),
            new Group("nothing that has the name already is replaced",
                    "62:409 69:409"),
            new Group("a tag's link with a wrong name is no question of who asks",
                    "82:400"),
            new Group("there are no web pages; the API has everything",
                    "51:404 54:404 55:404 a35:404 a36:404 a37:404 a38:404 a39:404 r02:404 w00:404 w01:405 w02:404 w03:404 w04:405 w05:405 w06:405 w07:405"),
            new Group("the page of what is in an flist works",
                    "53:200"),
            new Group("INFO is for the public paths; the answer says what works",
                    "43:405"),
            new Group("changes are POST requests; GET only where the hub was started so",
                    "x07:200"),
            new Group("a token that is not taken is always 401",
                    "a01:401 a02:401 a03:401 a04:401 a12:401 a13:401 z33:401 z34:401"),
            new Group("cookies prove nothing",
                    "a08:401 a10:401"),
            new Group("a wish to act as somebody else is refused, not forgotten",
                    "a14:403 z32:403"),
            new Group("any token works, with or without a dot",
                    "g00:200"),
            new Group("a hub that changes nothing still says who asks, and refuses with 403",
                    "r00:200 r01:403"),
            new Group("there is a size limit",
                    "b00:413"),
            new Group("a store that is away is neither a bad file nor a success",
                    "k00:503 k01:503"),
            new Group("no daemon is asked to convert images",
                    "d01:501"),
            new Group("the recorded archive was too large to keep; another is sent",
                    "b01:200 b02:200"));

    private record Group(String reason, String answers) {
    }

    /**
     * One difference.
     *
     * @param status what the embedded hub answers
     * @param reason why that is better, or that it is not offered
     */
    record Difference(int status, String reason) {
    }

    private Differences() {
    }

    /** The differences by the beginning of an exchange's name. */
    static Map<String, Difference> listed() {
        Map<String, Difference> listed = new LinkedHashMap<>();
        for (Group group : GROUPS) {
            for (String answer : group.answers().split(" ")) {
                String[] parts = answer.split(":");
                listed.put(parts[0], new Difference(Integer.parseInt(parts[1]), group.reason()));
            }
        }
        return listed;
    }

    /** What is wrong with an answer; empty when nothing is. */
    static String problem(Exchange exchange, HttpResponse<byte[]> answer) {
        Difference difference = listed().get(exchange.name().replaceFirst("-.*", ""));
        int expected = difference == null ? exchange.status() : difference.status();
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() != expected) {
            return "answered " + answer.statusCode() + " instead of " + expected + ": " + text.strip();
        }
        String asRecorded = exchange.status() >= 400 && exchange.header("Content-Type").startsWith("text/html")
                ? ""
                : body(exchange, answer, text);
        if (difference == null) {
            return asRecorded;
        }
        return expected == exchange.status() && asRecorded.isEmpty() ? "is no difference: take it off the list" : "";
    }

    private static String body(Exchange exchange, HttpResponse<byte[]> answer, String text) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (exchange.method().equals("HEAD") || exchange.method().equals("OPTIONS") || exchange.status() == 304) {
            return "";
        }
        if (exchange.header("Content-Type").equals("application/json")) {
            return same("", JsonMapper.shared().readTree(exchange.answerText()), JsonMapper.shared().readTree(text));
        }
        if (!type.startsWith(exchange.header("Content-Type").replaceFirst(";.*", ""))) {
            return "has the type " + type + " instead of " + exchange.header("Content-Type");
        }
        for (String header : Set.of("Content-Range", "Content-Disposition")) {
            if (!answer.headers().firstValue(header).orElse("").equals(exchange.header(header))) {
                return "has another " + header;
            }
        }
        return "";
    }

    private static String same(String at, JsonNode expected, JsonNode actual) {
        if (expected.getNodeType() != actual.getNodeType()) {
            return at + " is " + actual + " instead of " + expected;
        }
        if (expected.isObject()) {
            return expected.properties().stream()
                    .map(member -> VARYING.contains(member.getKey()) && actual.has(member.getKey())
                            ? ""
                            : same(at + "/" + member.getKey(), member.getValue(), actual.path(member.getKey())))
                    .filter(it -> !it.isEmpty()).findFirst().orElse("");
        }
        if (expected.isArray() && expected.path(0).has("path")) {
            return contents(expected).equals(contents(actual)) ? "" : at + " is " + actual + " instead of " + expected;
        }
        if (expected.isArray()) {
            Set<Set<String>> shapes = new HashSet<>();
            expected.forEach(element -> shapes.add(shape(element)));
            for (JsonNode element : actual) {
                if (!shapes.contains(shape(element))) {
                    return at + " has " + element;
                }
            }
            return "";
        }
        return expected.equals(actual) || expected.asString("").equals(actual.asString(""))
                ? ""
                : at + " is " + actual + " instead of " + expected;
    }

    private static Set<String> shape(JsonNode element) {
        Set<String> shape = new HashSet<>(Set.of(element.path("type").asString("")));
        element.propertyNames().forEach(shape::add);
        return shape;
    }

    private static Set<String> contents(JsonNode list) {
        Set<String> contents = new HashSet<>();
        list.forEach(entry -> contents.add(entry.path("path").asString("") + " " + entry.path("size").asLong(0)));
        return contents.stream().collect(Collectors.toSet());
    }
}
