package zship.localnode.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One process of this machine, told from a later one with the same id by its start: text {@code <boot id>:<start time in
 * clock ticks since boot>}, from {@code /proc}.
 *
 * @param pid   process id
 * @param start boot and start time
 */
public record ProcessMark(long pid, String start) {

    /** The process that has this id now; empty when there is none or it is only waiting to be collected. */
    public static Optional<ProcessMark> of(long pid) {
        return ProcStat.read(pid).filter(stat -> !stat.zombie())
                .map(stat -> new ProcessMark(pid, bootId() + ":" + stat.startTicks()));
    }

    /** This process. */
    public static ProcessMark own() {
        return of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
    }

    /** The live process that was written down in that file; empty when there is none. */
    public static Optional<ProcessMark> read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.size() == 2 && lines.getFirst().matches("\\d{1,9}")
                    ? Optional.of(new ProcessMark(Long.parseLong(lines.getFirst()), lines.getLast()))
                            .filter(ProcessMark::isAlive)
                    : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    /** Writes it down for {@link #read}. */
    public void write(Path file) throws IOException {
        PrivateFiles.write(file, pid + "\n" + start + "\n");
    }

    /** Whether exactly this process is still there. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Sends a signal if it is still this process; false when it is not. */
    public boolean signal(int signal) {
        return isAlive() && Signals.toProcess(pid, signal);
    }

    private static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException unreadable) {
            return "unknown-boot";
        }
    }
}
