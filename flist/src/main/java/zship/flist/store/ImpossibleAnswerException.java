package zship.flist.store;

import java.io.IOException;

/** What a server sends is no answer to the commands of a {@link ZdbSession}, so the connection is given up. */
final class ImpossibleAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    /** A fault of the server, in words that follow "the answer". */
    ImpossibleAnswerException(String why) {
        super(why);
    }
}
