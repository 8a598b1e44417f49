package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What a local node could have left on the machine. */
final class Leftovers {
    private static final int PATIENCE_SECONDS = 60;

    private Leftovers() {
    }

    /** Mounts below a folder. */
    static List<String> mountsBelow(Path folder) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    /** Processes whose command line names a folder. */
    static List<String> processesOf(Path folder) {
        return commandLines().filter(line -> line.contains(folder.toString())).toList();
    }

    /** Processes that work in a folder or below it, once those that are ending have ended. */
    static List<String> processesIn(Path folder) {
        return ProcessHandle.allProcesses().filter(process -> worksIn(process, folder))
                .filter(process -> !ends(process.pid()))
                .map(process -> process.pid() + " " + process.info().commandLine().orElse("")).toList();
    }

    /** Whether a process has ended, or does so within a time that is long for one that was told to. */
    static boolean ends(long pid) {
        try {
            Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isPresent()) {
                process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean worksIn(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd")).startsWith(folder);
        } catch (IOException e) {
            return false;
        }
    }

    /** The command lines of all processes of the machine. */
    static Stream<String> commandLines() {
        return ProcessHandle.allProcesses().map(process -> {
            try {
                return process.pid() + " "
                        + Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
            } catch (IOException e) {
                return "";
            }
        });
    }
}
