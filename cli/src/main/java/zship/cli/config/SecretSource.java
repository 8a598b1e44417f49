package zship.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.Secret;

/** A place where the value of a secret is found. */
public sealed interface SecretSource {

    /** The longest secret that is accepted, in bytes. */
    int LONGEST = 64 << 10;

    /**
     * A file whose content, without a line end at its end, is the secret.
     *
     * @param path the file
     */
    record File(Path path) implements SecretSource {
    }

    /**
     * A variable of the process environment.
     *
     * @param variable its name
     */
    record Environment(String variable) implements SecretSource {
    }

    /** The standard input, up to its end. */
    record StandardInput() implements SecretSource {
    }

    /**
     * Parses {@code file:PATH}, {@code env:NAME} or {@code stdin}.
     *
     * @param text the source as typed
     * @return the source
     * @throws CliException when it is none of these
     */
    static SecretSource of(String text) {
        if (text.startsWith("file:") && text.length() > 5) {
            return new File(Path.of(text.substring(5)));
        }
        if (text.startsWith("env:") && text.length() > 4) {
            return new Environment(text.substring(4));
        }
        if (text.equals("stdin")) {
            return new StandardInput();
        }
        throw new CliException(ExitCode.USAGE, "cannot use this secret source",
                "it must be file:PATH, env:NAME or stdin",
                "--secret ICECAST_SOURCE_PASSWORD=file:secrets/source");
    }

    /**
     * Reads the secret.
     *
     * @param name the secret's name, for messages
     * @param environment the process environment
     * @param standardInput the standard input
     * @return the value
     * @throws CliException when there is no value
     */
    default Secret read(String name, Map<String, String> environment, InputStream standardInput) {
        String value = switch (this) {
            case File(Path path) -> file(name, path);
            case Environment(String variable) -> environment.getOrDefault(variable, "");
            case StandardInput ignored -> input(name, standardInput);
        };
        if (value.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "secret " + name + " is empty", "source " + this + " has no value",
                    "put the secret there, or leave it out and zship makes one");
        }
        return Secret.of(value);
    }

    private static String file(String name, Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return text(name, in);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read secret " + name + " from " + path,
                    Files.exists(path) ? "the file cannot be read" : "there is no such file",
                    "write the secret to that file with mode 0600");
        }
    }

    private static String input(String name, InputStream in) {
        try {
            return text(name, in);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read secret " + name + " from the standard input",
                    "it ended early", "pipe the secret into the command");
        }
    }

    private static String text(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new CliException(ExitCode.USAGE, "secret " + name + " is too long", "more than 64 KiB",
                    "name the file that holds only the secret");
        }
        return new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
    }
}
