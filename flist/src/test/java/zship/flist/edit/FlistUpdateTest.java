package zship.flist.edit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Attributes;
import zship.flist.Directory;
import zship.flist.Flist;
import zship.flist.LinkEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreePath;

import static org.assertj.core.api.Assertions.assertThat;

/** Several processes that change one flist. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FlistUpdateTest {
    private static final Attributes PLAIN = new Attributes(Permissions.ROOT_DIRECTORY, 0, 0);
    private static final int PROCESSES = 8;
    private static final int CHANGES = 10;

    @TempDir
    private Path work;

    /** Waits for a line, then puts links with its second argument in their names into the flist that is its first one. */
    public static void main(String[] arguments) throws IOException {
        System.out.println("ready");
        int go = System.in.read();
        for (int i = 0; i < CHANGES && go >= 0; i++) {
            put(Path.of(arguments[0]), arguments[1] + "-" + i);
        }
    }

    @Test
    void applyWhenSeveralProcessesChangeOneFileLosesNothing() throws Exception {
        Path file = empty();
        Path link = Files.createSymbolicLink(work.resolve("link"), file.getFileName());
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(start(i % 2 == 0 ? file : link, "link-" + i));
        }
        for (Process process : processes) {
            assertThat(process.getInputStream().read()).isEqualTo('r');
        }
        for (Process process : processes) {
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(Flist.open(file).root().entries()).hasSize(PROCESSES * CHANGES);
        assertThat(link).isSymbolicLink();
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).containsExactlyInAnyOrder(file, link);
        }
    }

    @Test
    void applyWhenAnotherProcessWasKilledGoesOn() throws Exception {
        Path file = empty();
        Process process = start(file, "endless");
        assertThat(process.getInputStream().read()).isEqualTo('r');
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        process.destroyForcibly().waitFor();
        put(file, "later");
        assertThat(Flist.open(file).lookup(TreePath.of("later"))).isPresent();
    }

    private Path empty() {
        Path file = work.resolve("shared.flist");
        Flist.of(Directory.root(PLAIN, List.of())).write(file);
        return file;
    }

    private static void put(Path file, String name) {
        FlistUpdate.apply(file, flist -> TreeEdits.put(flist, TreePath.of(name),
                LinkEntry.of(Name.of(name), PLAIN, "target")));
    }

    private static Process start(Path file, String name) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), FlistUpdateTest.class.getName(), file.toString(), name)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
