package zship.localnode.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to start. Output goes to files, so that it does not break when the node's process dies.
 *
 * @param name        program, looked up in PATH when it has no slash
 * @param arguments   its arguments
 * @param directory   working directory; empty for the default one
 * @param environment added to, and winning over, the default environment
 * @param shell       whether the program is the shell of a {@code bash} command
 * @param stdin       file to read from
 * @param stdout      file to append output to
 * @param stderr      file to append error output to
 */
public record Launch(String name, List<String> arguments, String directory, Map<String, String> environment,
        boolean shell, Path stdin, Path stdout, Path stderr) {
}
