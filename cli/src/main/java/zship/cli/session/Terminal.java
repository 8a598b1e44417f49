package zship.cli.session;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a process is started with, besides its arguments.
 *
 * @param environment the process environment
 * @param input the standard input
 * @param out the standard output
 * @param err the standard error
 * @param interactive whether a person sees what is printed
 */
public record Terminal(Map<String, String> environment, InputStream input, PrintStream out, PrintStream err,
        boolean interactive) {

    /** Copies the environment. */
    public Terminal {
        environment = Map.copyOf(environment);
    }

    /** That of this process. */
    public static Terminal ofProcess() {
        boolean interactive = System.console() != null && System.console().isTerminal();
        return new Terminal(System.getenv(), System.in, System.out, System.err, interactive);
    }
}
