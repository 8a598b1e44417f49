package zship.localnode.files;

import zship.localnode.job.CommandException;

/**
 * How {@code filesystem.open} opens: exactly one of {@code r w a x}, with {@code +} for reading and writing.
 *
 * @param read      whether it may be read
 * @param write     whether it may be written
 * @param create    whether a missing file is made
 * @param exclusive whether it must not exist
 * @param truncate  whether it is emptied first
 * @param append    whether everything is written to the end
 */
record OpenMode(boolean read, boolean write, boolean create, boolean exclusive, boolean truncate, boolean append) {

    /** Of the command's text; complaints are those of 0-core (measured). */
    static OpenMode of(String text) throws CommandException {
        int kinds = 0;
        char kind = 'r';
        boolean both = false;
        for (char letter : text.toCharArray()) {
            switch (letter) {
                case 'r', 'w', 'a', 'x' -> {
                    kinds++;
                    kind = letter;
                }
                case '+' -> both = true;
                default -> throw new CommandException(CommandException.FAILED, "unknown mode '" + letter + "'");
            }
        }
        if (kinds != 1) {
            throw new CommandException(CommandException.FAILED, "rwax modes has to be used once and only once");
        }
        return new OpenMode(kind == 'r' || both, kind != 'r' || both, kind == 'w' || kind == 'a', kind == 'x',
                kind == 'w', kind == 'a');
    }
}
