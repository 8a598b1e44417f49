package zship.builder.elf;

import java.io.IOException;

/** A file that is not a well-formed ELF file; tells the file offset where that was seen. */
public final class ElfFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    /** Creates the exception for what was seen at {@code offset}. */
    public ElfFormatException(String problem, long offset) {
        super("%s at offset %d".formatted(problem, offset));
        this.offset = offset;
    }

    /** Returns the file offset where the problem was seen. */
    public long offset() {
        return offset;
    }
}
