package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Capabilities of Linux by the names of the runtime's specification, in the order of their numbers in the kernel. */
final class Capabilities {

    /** What coreX of 0-core keeps for the programs of an unprivileged container (measured). */
    static final List<String> UNPRIVILEGED = List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
            "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT",
            "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP");

    private static final List<String> NUMBERED = List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
            "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE");
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {
    }

    /** Those that this process has: it cannot give others. All that are known when it does not tell. */
    static List<String> own() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> of(Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))).findFirst()
                    .orElse(NUMBERED);
        } catch (IOException unreadable) {
            return NUMBERED;
        }
    }

    static List<String> of(long mask) {
        List<String> names = new ArrayList<>();
        for (int number = 0; number < NUMBERED.size(); number++) {
            if ((mask >> number & 1) == 1) {
                names.add(NUMBERED.get(number));
            }
        }
        return names;
    }
}
