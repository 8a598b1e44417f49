package zship.builder.elf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF file says about loading it. Only headers are read, found through the program headers alone as a loader
 * does, so files without section headers are no obstacle. Field names and numbers: System V ABI, chapter 5.
 *
 * @param platform class, byte order and machine
 * @param interpreter the loader of a dynamically linked program (PT_INTERP)
 * @param soname the name that others ask for it by (DT_SONAME)
 * @param needed libraries that it asks for, in order (DT_NEEDED)
 * @param rpath search path that its libraries inherit (DT_RPATH), not expanded
 * @param runpath search path for its own needs (DT_RUNPATH), not expanded
 */
public record ElfFile(ElfPlatform platform, Optional<String> interpreter, Optional<String> soname, List<String> needed,
        List<String> rpath, List<String> runpath) {

    /** Copies the lists. */
    public ElfFile {
        needed = List.copyOf(needed);
        rpath = List.copyOf(rpath);
        runpath = List.copyOf(runpath);
    }

    /**
     * Reads the headers of {@code file}.
     *
     * @throws ElfFormatException when the file is not an ELF file, or is cut off or altered
     * @throws IOException when it cannot be read
     */
    public static ElfFile read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new ElfReader(channel).read();
        }
    }

    /** Tells whether {@code file} begins like an ELF file. */
    public static boolean isElf(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return ElfReader.hasMagic(channel);
        }
    }
}
