package zship.flist;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password or token. It compares by value in constant time and never shows itself: {@code toString} is {@code ***}. */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** The secret with this value, which may be empty. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself; only for the code that hands it to the peer. */
    public String expose() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Always {@code ***}. */
    @Override
    public String toString() {
        return "***";
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
