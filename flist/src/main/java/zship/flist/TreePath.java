package zship.flist;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The place of an entry in a tree, as a list of names from the root. The root itself has no names.
 *
 * <p>Text and bytes are parsed alike: leading, trailing and doubled slashes and {@code .} steps mean nothing; {@code ..} is
 * refused, because a path in an flist never leaves its tree.
 *
 * @param names the names from the root down
 */
public record TreePath(List<Name> names) implements Comparable<TreePath> {
    /** The root of a tree. */
    public static final TreePath ROOT = new TreePath(List.of());

    /** Keeps its own copy of the list. */
    public TreePath {
        names = List.copyOf(names);
    }

    /**
     * The path written as {@code text}, for example {@code /etc/passwd} or {@code etc/passwd}.
     *
     * @throws IllegalArgumentException when a step is {@code ..} or no valid name
     */
    public static TreePath of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The path written as {@code bytes}, for example a tar member's name.
     *
     * @throws IllegalArgumentException when a step is {@code ..} or no valid name
     */
    public static TreePath of(byte[] bytes) {
        List<Name> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                boolean nothing = i == start || i == start + 1 && bytes[start] == '.';
                if (!nothing) {
                    names.add(Name.of(Arrays.copyOfRange(bytes, start, i)));
                }
                start = i + 1;
            }
        }
        return new TreePath(names);
    }

    /**
     * The path that {@link #toString} shows as {@code text}: {@code \xHH} is one byte, a doubled backslash is one.
     *
     * @throws IllegalArgumentException when a step is {@code ..} or no valid name
     */
    public static TreePath ofShown(String text) {
        return of(ByteText.read(text));
    }

    /** The path of the entry {@code name} in this directory. */
    public TreePath resolve(Name name) {
        List<Name> longer = new ArrayList<>(names.size() + 1);
        longer.addAll(names);
        longer.add(name);
        return new TreePath(longer);
    }

    /** The path of {@code text} seen from this directory. */
    public TreePath resolve(String text) {
        List<Name> longer = new ArrayList<>(names);
        longer.addAll(of(text).names);
        return new TreePath(longer);
    }

    /** The directory that holds this entry; empty for the root. */
    public Optional<TreePath> parent() {
        return names.isEmpty() ? Optional.empty() : Optional.of(new TreePath(names.subList(0, names.size() - 1)));
    }

    /** The last name; empty for the root. */
    public Optional<Name> name() {
        return names.isEmpty() ? Optional.empty() : Optional.of(names.getLast());
    }

    /** Whether this is the root. */
    public boolean isRoot() {
        return names.isEmpty();
    }

    /** The number of names. */
    public int depth() {
        return names.size();
    }

    /** The names joined by single slashes, without a leading one; empty for the root. This is what directory keys hash. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Name name : names) {
            if (out.size() > 0) {
                out.write('/');
            }
            out.writeBytes(name.rawBytes());
        }
        return out.toByteArray();
    }

    /** Orders a directory before what is in it, and names by their bytes. */
    @Override
    public int compareTo(TreePath other) {
        int common = Math.min(names.size(), other.names.size());
        for (int i = 0; i < common; i++) {
            int order = names.get(i).compareTo(other.names.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(names.size(), other.names.size());
    }

    /** The path as text with a leading slash; bytes that are not UTF-8 appear as {@code \xHH}. */
    @Override
    public String toString() {
        if (names.isEmpty()) {
            return "/";
        }
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append('/').append(name));
        return text.toString();
    }
}
