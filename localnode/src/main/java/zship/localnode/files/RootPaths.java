package zship.localnode.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Paths below a root. */
final class RootPaths {

    private RootPaths() {
    }

    /** The names of a path without {@code .}, {@code ..} and doubled slashes; {@code ..} at the top stays at the top. */
    static List<String> names(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return List.copyOf(names);
    }
}
