package zship.localnode.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one of the system's own programs to its end, for the node's own purposes. */
public final class Tool {

    private static final int OUTPUT_LIMIT = 1 << 20;
    private static final long TIMEOUT_SECONDS = 60;

    /** What came out: exit code, standard output and error output together. */
    public record Outcome(int code, String output) {
        /** Whether the exit code is 0. */
        public boolean succeeded() {
            return code == 0;
        }
    }

    private Tool() {
    }

    /**
     * Runs a program.
     *
     * @param  environment          its whole environment
     * @param  directory            where it runs
     * @param  command              program and arguments; never anything secret, they are public
     * @throws IOException          when it cannot be started, or is not done within a minute
     * @throws InterruptedException when the waiting thread is interrupted; the program is then killed
     */
    public static Outcome run(Map<String, String> environment, Path directory, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("zship-tool", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException(command.getFirst() + " did not end within " + TIMEOUT_SECONDS + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            return new Outcome(process.exitValue(), read(output));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String read(Path output) throws IOException {
        try (var in = Files.newInputStream(output)) {
            return new String(in.readNBytes(OUTPUT_LIMIT), StandardCharsets.UTF_8).strip();
        }
    }
}
