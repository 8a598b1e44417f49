package zship.localnode.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A program that another one starts has its native libraries and its compiler, and nothing else of what that was told. */
class JavaProgramTest {
    @Test
    void optionsOfThisMachineArePassedOnAndOthersAreNot() throws IOException, InterruptedException {
        List<String> libraries = List.of("-Dorg.sqlite.lib.path=/native", "-Dorg.xerial.snappy.lib.path=/native",
                "-Djava.io.tmpdir=/var/tmp", "-Dzship.sodium=/native/libsodium.so",
                "-DZstdNativePath=/native/libzstd-jni.so");
        Process process = new ProcessBuilder(commandLine(libraries)).redirectErrorStream(true).start();
        List<String> command = process.inputReader().readAllLines();
        assertThat(process.waitFor()).isZero();
        assertThat(command).containsAll(libraries)
                .contains("-XX:TieredStopAtLevel=1", "-Dgiven=yes", "some.Main")
                .doesNotContain("-XX:NewSize=8m", "-Dprivate=yes");
    }

    private static List<String> commandLine(List<String> libraries) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", "-XX:NewSize=8m", "-Dprivate=yes"));
        command.addAll(libraries);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Printer.class.getName()));
        return command;
    }

    /** Prints the command line of a program, one argument to a line. */
    static final class Printer {
        private Printer() {
        }

        public static void main(String[] arguments) {
            JavaProgram.command("some.Main", List.of("-Dgiven=yes")).forEach(System.out::println);
        }
    }
}
