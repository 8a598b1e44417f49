package zship.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.session.Terminal;

/** Runs commands inside this process, as a user with folders of its own. */
final class Cli {
    private final Map<String, String> environment = new HashMap<>();

    /** A user whose folders are below this one. */
    Cli(Path home) {
        environment.put("HOME", home.toString());
        environment.put("PATH", System.getenv("PATH"));
    }

    Cli with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** The environment and streams of a command that prints to these. */
    Terminal terminal(PrintStream out, PrintStream err) {
        return new Terminal(environment, InputStream.nullInputStream(), out, err, false);
    }

    Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)), arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What a command did. */
    record Run(int code, String out, String err) {

        /** The lines of the standard output, each read as JSON. */
        List<JsonNode> events() {
            return out.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        }

        JsonNode last() {
            return events().getLast();
        }
    }
}
