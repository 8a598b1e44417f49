package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs every console block of the README in order, as one new user, and compares what is printed. */
class ReadmeIT {
    /** The command that runs this test; running it here would never end. */
    private static final String CHECK = "./check";

    @TempDir
    Path folder;

    private Path project;

    @BeforeEach
    void home() throws IOException {
        project = Path.of(System.getProperty("zship.home"));
        Path cache = Files.createDirectories(folder.resolve("home/.cache"));
        Files.createDirectories(Zship.sharedCache().resolve("zship"));
        Files.createSymbolicLink(cache.resolve("zship"), Zship.sharedCache().resolve("zship"));
        // The README shows the first run, which does not find everything done.
        Files.deleteIfExists(Zship.sharedCache().resolve("zship/build/icecast/slim/archive/.stamp"));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        shell("./zship node stop");
        assertThat(Leftovers.processesOf(folder)).isEmpty();
    }

    @Test
    void everyBlockPrintsWhatTheReadmeShows() throws IOException, InterruptedException {
        List<Example> examples = examples(Files.readAllLines(project.resolve("README.md")));
        assertThat(examples).extracting(Example::command).contains("./zship up", CHECK);
        for (Example example : examples) {
            if (example.command().equals(CHECK)) {
                assertThat(Files.readString(project.resolve(".ci/run"))).contains(CHECK);
            } else {
                assertThat(normal(shell(example.command()))).as(example.command()).isEqualTo(normal(example.output()));
            }
        }
    }

    private record Example(String command, String output) {
    }

    private static List<Example> examples(List<String> lines) {
        List<Example> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                examples.add(new Example(line.substring(2), ""));
            } else if (inside) {
                Example last = examples.removeLast();
                examples.add(new Example(last.command(), last.output() + line + "\n"));
            }
        }
        return examples;
    }

    /** Numbers, digests and the width of gaps differ from run to run and from machine to machine; words do not. */
    private static String normal(String output) {
        return output.replaceAll("[0-9a-f]{8,}", "HEX").replaceAll("[0-9]+(\\.[0-9]+)?", "N").replaceAll("[KMG]iB", "B")
                .replaceAll("[ \t]+", " ").strip();
    }

    private String shell(String command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).directory(project.toFile())
                .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ZSHIP_") || name.startsWith("XDG_"));
        environment.put("HOME", folder.resolve("home").toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
