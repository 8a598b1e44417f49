package zship.flist;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A symbolic link. Its target is raw bytes and never rewritten. */
public final class LinkEntry implements Entry {
    private final Name name;
    private final Attributes attributes;
    private final byte[] target;

    private LinkEntry(Name name, Attributes attributes, byte[] target) {
        this.name = name;
        this.attributes = attributes;
        this.target = target;
    }

    /**
     * A link to {@code target} (copied).
     *
     * @throws IllegalArgumentException when the target is empty, longer than 4095 bytes or holds a NUL
     */
    public static LinkEntry of(Name name, Attributes attributes, byte[] target) {
        requireTarget("the target of link '" + name + "'", target);
        return new LinkEntry(name, attributes, target.clone());
    }

    /**
     * Checks what is to be the target of a link.
     *
     * @param what how the message calls it
     * @throws IllegalArgumentException when it is empty, longer than 4095 bytes or holds a NUL
     */
    public static void requireTarget(String what, byte[] target) {
        if (target.length == 0 || target.length > 4095) {
            throw new IllegalArgumentException(what + " has " + target.length + " bytes, not 1 to 4095");
        }
        for (byte b : target) {
            if (b == 0) {
                throw new IllegalArgumentException(what + " holds a NUL byte");
            }
        }
    }

    /** A link to {@code target} in UTF-8. */
    public static LinkEntry of(Name name, Attributes attributes, String target) {
        return of(name, attributes, target.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Name name() {
        return name;
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    /** What the link points to (a copy). */
    public byte[] target() {
        return target.clone();
    }

    /** The target as text; bytes that are not UTF-8 appear as {@code \xHH}. */
    public String targetText() {
        return ByteText.show(target);
    }

    @Override
    public long size() {
        return target.length;
    }

    @Override
    public LinkEntry withName(Name other) {
        return new LinkEntry(other, attributes, target);
    }

    @Override
    public LinkEntry withAttributes(Attributes other) {
        return new LinkEntry(name, other, target);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LinkEntry link && name.equals(link.name) && attributes.equals(link.attributes)
                && Arrays.equals(target, link.target);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + Arrays.hashCode(target);
    }

    @Override
    public String toString() {
        return "LinkEntry[" + name + " -> " + targetText() + ", " + attributes + "]";
    }
}
