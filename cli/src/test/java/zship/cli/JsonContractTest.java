package zship.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With {@code --json} every command prints JSON lines alone, and the last one is the result or the error. The user of
 * this test can reach nobody and can write nothing, so that every command comes to its end at once.
 */
class JsonContractTest {
    private static final String NOWHERE = "127.0.0.1:1";
    /** It ends with a signal only. */
    private static final List<String> ENDLESS = List.of("node run");

    @TempDir
    static Path folder;

    static Stream<String> commands() {
        List<String> names = new ArrayList<>();
        CommandLine root = Main.commandLine(new Cli(folder).terminal(new PrintStream(System.out), System.err));
        collect(root.getCommandSpec(), "", names);
        return names.stream();
    }

    private static void collect(CommandSpec command, String path, List<String> names) {
        if (command.subcommands().isEmpty()) {
            names.add(path);
        }
        command.subcommands().forEach((name, child) -> collect(child.getCommandSpec(), (path + " " + name).strip(),
                names));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void lastLineIsTheResultOrTheError(String command) throws IOException {
        if (!ENDLESS.contains(command)) {
            List<String> words = new ArrayList<>(List.of(command.split(" ")));
            words.add("--json");
            words.addAll(arguments(command));
            check(cli().run(words.toArray(String[]::new)));
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void unknownOptionIsAnErrorOfOneLine(String command) throws IOException {
        Cli.Run run = cli().run((command + " --json --no-such-option").split(" "));
        // The zflist that it stands in for knew no other code.
        assertThat(run.code()).isEqualTo(command.equals("zflist") ? 1 : 2);
        assertThat(run.events()).hasSize(1);
        check(run);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpNamesTheExitCodesAndTheSharedOptions(String command) throws IOException {
        Cli.Run run = cli().with("TERM", "xterm").run((command + " --help").split(" "));
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Exit codes: 0 ok", "130", "--json", "--progress", "--timeout", "--verbose",
                "--debug").doesNotContain("\033");
    }

    @Test
    void wrongSharedOptionIsAnErrorToo() throws IOException {
        for (String[] words : new String[][]{{"ps", "--json", "--timeout", "soon"},
            {"ps", "--progress", "json", "--timeout", "-1s"}}) {
            Cli.Run run = cli().run(words);
            assertThat(run.code()).isEqualTo(2);
            check(run);
        }
        assertThat(cli().run("ps", "--progress", "loud").err()).isEqualTo("""
                error: cannot use --progress loud
                  there is no such mode
                  hint: auto, tty, plain, json or quiet
                """);
        assertThat(cli().with("ZSHIP_TIMEOUT", "soon").run("ps").err()).contains("ZSHIP_TIMEOUT soon");
        assertThat(cli().with("ZSHIP_PROGRESS", "json").run("ps").last().path("event").asString()).isEqualTo("error");
    }

    private static Cli cli() throws IOException {
        Path file = folder.resolve("file");
        if (!Files.exists(file)) {
            Files.writeString(file, "no folder can be made below this");
        }
        return new Cli(file).with("ZSHIP_NODE", NOWHERE).with("ZSHIP_STORE", "zdb://" + NOWHERE).with("ZSHIP_HUB",
                "http://" + NOWHERE);
    }

    /** A word for each parameter that a command must have. */
    private static List<String> arguments(String path) {
        CommandLine command = Main.commandLine(new Cli(folder).terminal(System.out, System.err));
        for (String name : path.split(" ")) {
            command = command.getSubcommands().get(name);
        }
        List<String> arguments = new ArrayList<>();
        for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
            for (int i = 0; i < parameter.arity().min(); i++) {
                arguments.add(switch (parameter.paramLabel()) {
                    case "URL" -> "zdb://" + NOWHERE;
                    case "FILE" -> folder.resolve("file/nothing").toString();
                    default -> "nothing";
                });
            }
        }
        return arguments;
    }

    private static void check(Cli.Run run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.events()).isNotEmpty().allMatch(event -> event.path("event").isString());
        JsonNode last = run.last();
        assertThat(last.path("event").asString()).as(run.out()).isIn("result", "error");
        if (last.path("event").asString().equals("error")) {
            assertThat(last.path("code").asInt()).isEqualTo(run.code()).isNotEqualTo(70);
            for (String field : List.of("what", "why", "hint")) {
                assertThat(last.path(field).asString()).as(field).isNotBlank().doesNotContain("Exception");
            }
        }
        assertThat(run.events().subList(0, run.events().size() - 1))
                .noneMatch(event -> List.of("result", "error").contains(event.path("event").asString()));
    }
}
