package zship.localnode.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The fields of {@code /proc/<pid>/stat} that the node reports.
 *
 * @param pid        process id
 * @param name       file name of the executable, at most 15 bytes
 * @param zombie     ended but not collected
 * @param parent     process id of the parent
 * @param userTicks  processor time in user mode, hundredths of a second
 * @param systemTicks processor time in the kernel, hundredths of a second
 * @param startTicks start, hundredths of a second since boot
 * @param virtual    bytes of address space
 * @param resident   bytes in memory
 */
public record ProcStat(long pid, String name, boolean zombie, long parent, long userTicks, long systemTicks,
        long startTicks, long virtual, long resident) {

    private static final long PAGE = 4096;
    private static final long MILLIS_PER_TICK = 10;

    /** The process with this id; empty when there is none. */
    public static Optional<ProcStat> read(long pid) {
        try {
            byte[] raw = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat"));
            return Optional.of(parse(new String(raw, StandardCharsets.ISO_8859_1)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** When it started, milliseconds since 1970, as well as the machine knows. */
    public long startedAtMillis() {
        return bootMillis() + startTicks * MILLIS_PER_TICK;
    }

    /** When this machine started, milliseconds since 1970; 0 when it does not say. */
    public static long bootMillis() {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("btime ")).mapToLong(line -> Long.parseLong(line.substring(6)))
                    .findFirst().orElse(0) * 1000;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** The name may hold blanks and parentheses: it ends at the last one. */
    static ProcStat parse(String line) {
        int open = line.indexOf('(');
        int close = line.lastIndexOf(')');
        String[] rest = line.substring(close + 2).split(" ", -1);
        return new ProcStat(Long.parseLong(line.substring(0, open).strip()), line.substring(open + 1, close),
                rest[0].equals("Z") || rest[0].equals("X"), Long.parseLong(rest[1]), Long.parseLong(rest[11]),
                Long.parseLong(rest[12]), Long.parseLong(rest[19]), Long.parseLong(rest[20]),
                Long.parseLong(rest[21]) * PAGE);
    }
}
