package zship.builder.elf;

import java.util.List;

/**
 * What two ELF files must share to be loaded together.
 *
 * @param wide whether the file is of class 64 (32 otherwise)
 * @param littleEndian the order of its bytes
 * @param machine the {@code e_machine} number: 62 x86-64, 183 AArch64, 243 RISC-V
 */
public record ElfPlatform(boolean wide, boolean littleEndian, int machine) {

    private static final int MACHINE_386 = 3;
    private static final int MACHINE_X86_64 = 62;
    private static final int MACHINE_AARCH64 = 183;
    private static final int MACHINE_RISCV = 243;

    /**
     * Returns the directory that Debian's loader searches first and that holds this platform's libraries, without a
     * leading slash; names as in Debian's multiarch tuples.
     */
    public String libraryDirectory() {
        return switch (machine) {
            case MACHINE_386 -> "lib/i386-linux-gnu";
            case MACHINE_X86_64 -> "lib/x86_64-linux-gnu";
            case MACHINE_AARCH64 -> "lib/aarch64-linux-gnu";
            case MACHINE_RISCV -> "lib/riscv64-linux-gnu";
            default -> "lib";
        };
    }

    /** Returns the directories that the loader searches without any configuration, best first, absolute. */
    public List<String> defaultDirectories() {
        String first = "/" + libraryDirectory();
        return first.equals("/lib") ? List.of("/lib", "/usr/lib") : List.of(first, "/usr" + first, "/lib", "/usr/lib");
    }

    /** Returns the word that the loader puts in place of {@code $PLATFORM}: what the kernel calls the processor (AT_PLATFORM). */
    String platformWord() {
        return switch (machine) {
            case MACHINE_386 -> "i686";
            case MACHINE_X86_64 -> "x86_64";
            case MACHINE_AARCH64 -> "aarch64";
            default -> "";
        };
    }

    /** Returns the word that the loader puts in place of {@code $LIB}: Debian's path below {@code /usr}. */
    String libWord() {
        return libraryDirectory();
    }
}
