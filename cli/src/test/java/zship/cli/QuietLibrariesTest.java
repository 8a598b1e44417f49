package zship.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QuietLibrariesTest {
    @Test
    void librariesLogNothingUnlessACommandTracesOrIsTheNode() throws Exception {
        assertThat(said("store", "ping")).contains("said by zship.flist.mount")
                .doesNotContain("lettuce", "netty", "reactor", "okhttp", "sqlite", "SLF4J");
        assertThat(said("store", "ping", "--debug")).contains("said by io.lettuce", "said by zship",
                "said by org.sqlite");
        assertThat(said("node", "run")).contains("said by io.netty", "said by zship");
    }

    private static String said(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp", System.getProperty("java.class.path"), LoudLibraries.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
