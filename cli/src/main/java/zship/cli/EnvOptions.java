package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Option;

import zship.cli.config.SecretSource;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;

/** The options that set variables and secrets of a container. */
final class EnvOptions {
    @Option(names = {"-e", "--env"}, paramLabel = "NAME=VALUE", description = "set a variable in the container")
    private List<String> env = new ArrayList<>();

    @Option(names = "--env-file", paramLabel = "FILE", description = "set variables from a file of NAME=VALUE lines")
    private List<Path> envFiles = new ArrayList<>();

    @Option(names = "--secret", paramLabel = "NAME=SOURCE", description = "take a secret from file:PATH, env:VARIABLE or stdin")
    private List<String> secrets = new ArrayList<>();

    /** The variables set by {@code -e} and {@code --env-file}; the former win. */
    Map<String, String> env() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Path file : envFiles) {
            lines(file).stream().filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> put(values, line, "--env-file " + file));
        }
        env.forEach(pair -> put(values, pair, "-e"));
        return values;
    }

    /** The secrets named by {@code --secret}. */
    Map<String, SecretSource> secrets() {
        Map<String, String> texts = new LinkedHashMap<>();
        secrets.forEach(pair -> put(texts, pair, "--secret"));
        Map<String, SecretSource> sources = new LinkedHashMap<>();
        texts.forEach((secret, source) -> sources.put(secret, SecretSource.of(source)));
        return sources;
    }

    /** {@code NAME=VALUE} pairs of an option by name. */
    static Map<String, String> pairs(String option, List<String> texts) {
        Map<String, String> values = new LinkedHashMap<>();
        texts.forEach(pair -> put(values, pair, option));
        return values;
    }

    private static void put(Map<String, String> values, String pair, String option) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            // The text itself may be a secret without its name, so it is not repeated.
            throw new CliException(ExitCode.USAGE, "cannot use " + option, "a value has no NAME= before it",
                    "write NAME=VALUE");
        }
        values.put(pair.substring(0, equals), pair.substring(equals + 1));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + file,
                    Files.exists(file) ? "it is not UTF-8 text or may not be read" : "there is no such file",
                    "name an existing file of NAME=VALUE lines");
        }
    }
}
