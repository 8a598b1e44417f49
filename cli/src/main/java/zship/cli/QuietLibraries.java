package zship.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;

import org.slf4j.helpers.NOP_FallbackServiceProvider;

/**
 * Keeps what libraries log out of a command's errors, which say the same in our words. The logging of the JDK makes one when
 * something is logged for the first time, so that it costs no command anything that logs nothing. Libraries that ask SLF4J are
 * told that nobody listens, or it would look through all of them for who does.
 */
public final class QuietLibraries {
    private static final String CLASS = "java.util.logging.config.class";
    private static final String FILE = "java.util.logging.config.file";
    private static final String SLF4J = "slf4j.provider";
    private static final String SLF4J_ITSELF = "slf4j.internal.verbosity";
    private static final List<String> NODE = List.of("node", "run");
    private static final String CONFIGURATION = """
            handlers = java.util.logging.ConsoleHandler
            .level = INFO
            java.util.logging.ConsoleHandler.level = INFO
            java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
            io.lettuce.level = OFF
            io.netty.level = OFF
            reactor.level = OFF
            okhttp3.level = OFF
            """;

    /** Configures the logging of the JDK, which calls this by its name. */
    public QuietLibraries() throws IOException {
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.UTF_8)));
    }

    /** Makes libraries quiet, unless a command traces, is the local node with its own log, or another configuration is named. */
    static void prepare(String... arguments) {
        List<String> words = Arrays.asList(arguments);
        boolean own = System.getProperty(CLASS) != null || System.getProperty(FILE) != null;
        boolean node = words.size() > 1 && words.subList(0, 2).equals(NODE);
        if (!own && !node && !words.contains("--debug")) {
            System.setProperty(CLASS, QuietLibraries.class.getName());
            if (System.getProperty(SLF4J) == null) {
                System.setProperty(SLF4J, NOP_FallbackServiceProvider.class.getName());
                System.setProperty(SLF4J_ITSELF, "WARN");
            }
        }
    }
}
