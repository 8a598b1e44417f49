package zship.localnode.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The resource limits of a process, from {@code /proc/<pid>/limits}, which lists them in the order of their numbers. */
public final class ProcessLimits {

    private static final int NAME_WIDTH = 26;
    private static final long UNLIMITED = Integer.MAX_VALUE;

    /**
     * One limit.
     *
     * @param resource number of the kernel, such as 7 for open files
     * @param soft     the limit in force; no limit is 2147483647, as 0-core writes it
     * @param hard     how far it may be raised
     */
    public record Limit(int resource, long soft, long hard) {
    }

    private ProcessLimits() {
    }

    /** The limits of a process; none when it is gone. */
    public static List<Limit> of(long pid) {
        try {
            return parse(new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), "limits")),
                    StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            return List.of();
        }
    }

    static List<Limit> parse(String text) {
        List<Limit> limits = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int row = 1; row < lines.size(); row++) {
            String line = lines.get(row);
            if (line.length() > NAME_WIDTH) {
                String[] values = line.substring(NAME_WIDTH).strip().split("\\s+");
                limits.add(new Limit(row - 1, number(values[0]), number(values.length > 1 ? values[1] : "0")));
            }
        }
        return limits;
    }

    private static long number(String value) {
        return value.matches("\\d{1,18}") ? Math.min(Long.parseLong(value), UNLIMITED) : UNLIMITED;
    }
}
