package zship.deployer.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import tools.jackson.databind.JsonNode;

import zship.deployer.node.NodeJson;

/** Answers recorded from a real node of the release line of July 2019. */
public final class Recordings {

    private Recordings() {
    }

    /** The lines of a file of recordings. */
    public static List<JsonNode> lines(String name) {
        return text(name).lines().map(line -> NodeJson.read(name, line)).toList();
    }

    /** A file of recordings. */
    public static JsonNode json(String name) {
        return NodeJson.read(name, text(name));
    }

    /** The results of a recorded case, as sent. */
    public static List<String> results(String recordedCase) {
        return lines("recorded-results.jsonl").stream().filter(l -> l.path("case").asString().equals(recordedCase))
                .map(l -> l.path("raw").asString()).toList();
    }

    private static String text(String name) {
        try (InputStream in = Recordings.class.getResourceAsStream("/zship/deployer/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException(name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
