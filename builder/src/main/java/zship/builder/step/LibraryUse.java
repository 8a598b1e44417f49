package zship.builder.step;

import java.util.List;

/**
 * Why a shared library is in a root.
 *
 * @param library its name
 * @param bytes its size
 * @param users programs and libraries that ask for it
 * @param chain the shortest way from a program to it: the program first, the library last
 * @param source the Debian package that it comes from, with its version; empty when that is not known
 */
public record LibraryUse(String library, long bytes, List<String> users, List<String> chain, String source) {

    /** Copies the lists. */
    public LibraryUse {
        users = List.copyOf(users);
        chain = List.copyOf(chain);
    }
}
