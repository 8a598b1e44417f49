package zship.localnode.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The output of a service is followed and rotated: one file of at most 8 MiB, and the one before it. */
class TailTest {
    private static final String LARGE = "a line of a service that talks a lot\n".repeat((9 << 20) / 37);

    @TempDir
    private Path folder;
    private Path log;
    private Path before;
    private final StringBuilder heard = new StringBuilder();

    @BeforeEach
    void create() throws IOException {
        log = Files.createFile(folder.resolve("icecast.out"));
        before = folder.resolve("icecast.out.1");
    }

    /** As a program does that has its output open in append mode. */
    private void say(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }

    private Tail tail(boolean keepCopy) throws IOException {
        return new Tail(log, 0, keepCopy, heard::append);
    }

    @Test
    void largeLogMovesToOneCopyAndNothingIsLostForWhoFollows() throws IOException {
        try (Tail tail = tail(true)) {
            say(LARGE);
            assertThat(tail.poll()).isTrue();
            assertThat(log).isEmptyFile();
            assertThat(before).hasContent(LARGE);
            say("after the first\n");
            assertThat(tail.poll()).isTrue();
            assertThat(log).hasContent("after the first\n");
            say(LARGE);
            tail.poll();
            assertThat(log).isEmptyFile();
            assertThat(Files.size(before)).isEqualTo(LARGE.length() + "after the first\n".length());
            say("last\n");
        }
        assertThat(heard.toString()).isEqualTo(LARGE + "after the first\n" + LARGE + "last\n");
        assertThat(folder).isDirectoryContaining("glob:**/icecast.out.1").satisfies(all -> {
            try (var files = Files.list(all)) {
                assertThat(files).hasSize(2);
            }
        });
    }

    @Test
    void smallLogStaysAndOutputOfJobsIsNotKept() throws IOException {
        try (Tail tail = tail(true)) {
            say("short\n");
            tail.poll();
            assertThat(log).hasContent("short\n");
            assertThat(before).doesNotExist();
        }
        try (Tail tail = tail(false)) {
            say(LARGE);
            tail.poll();
            assertThat(log).isEmptyFile();
            assertThat(before).doesNotExist();
        }
    }
}
