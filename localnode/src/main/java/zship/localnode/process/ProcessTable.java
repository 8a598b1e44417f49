package zship.localnode.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The processes of this machine, or of one pid namespace of it. */
public final class ProcessTable {

    private static final Path PROC = Path.of("/proc");

    private final boolean all;
    /** Empty when it has ended with its last process: then nothing is in it. */
    private final Optional<Path> namespace;

    private ProcessTable(boolean all, Optional<Path> namespace) {
        this.all = all;
        this.namespace = namespace;
    }

    /** All processes. */
    public static ProcessTable ofMachine() {
        return new ProcessTable(true, Optional.empty());
    }

    /** The processes that live in the pid namespace of one process; none when there is no such process or it has ended. */
    public static ProcessTable ofNamespace(Optional<ProcessMark> process) {
        // Looked at after its namespace: the number may be that of a process of the machine by now.
        return new ProcessTable(false, process
                .flatMap(mark -> namespaceOf(mark.pid()).filter(namespace -> mark.isAlive())));
    }

    /** Ids on this machine, smallest first. */
    public List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = Long.parseLong(entry.getFileName().toString());
                if (holds(pid)) {
                    pids.add(pid);
                }
            }
        } catch (IOException unreadable) {
            return List.of();
        }
        pids.sort(null);
        return pids;
    }

    /**
     * Memory of several processes together, in bytes.
     *
     * @param resident in use
     * @param virtual  of their address spaces
     */
    public record Memory(long resident, long virtual) {
    }

    /** What all of them use. */
    public Memory memory() {
        long resident = 0;
        long virtual = 0;
        for (long pid : pids()) {
            Optional<ProcStat> stat = ProcStat.read(pid);
            resident += stat.map(ProcStat::resident).orElse(0L);
            virtual += stat.map(ProcStat::virtual).orElse(0L);
        }
        return new Memory(resident, virtual);
    }

    /** Whether a process is one of these. */
    public boolean holds(long pid) {
        return all || namespace.isPresent() && namespaceOf(pid).equals(namespace);
    }

    /** The id of a process as its own pid namespace sees it; the id itself when that cannot be found out. */
    public static long visiblePid(long pid) {
        try {
            for (String line : Files.readAllLines(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("NSpid:")) {
                    String[] ids = line.substring(6).strip().split("\\s+");
                    return Long.parseLong(ids[ids.length - 1]);
                }
            }
        } catch (IOException gone) {
            return pid;
        }
        return pid;
    }

    /** The command line with blanks between the arguments; empty for a process that is gone. */
    public static String commandLine(long pid) {
        try {
            byte[] raw = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
            return new String(raw, StandardCharsets.UTF_8).replace('\0', ' ').strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** How many files a process has open; 0 when it is gone. */
    public static int openFiles(long pid) {
        String[] descriptors = PROC.resolve(pid + "/fd").toFile().list();
        return descriptors == null ? 0 : descriptors.length;
    }

    private static Optional<Path> namespaceOf(long pid) {
        try {
            return Optional.of(Files.readSymbolicLink(PROC.resolve(pid + "/ns/pid")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
