package zship.flist.store;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.flist.Secret;

/**
 * The text of a store's address with the password apart, so that it can be shown, kept and handed on without it. Unlike a
 * {@link StoreUrl} it may be of a store that zship cannot open, as a node may report one.
 *
 * @param address the text without user and password, otherwise as it was given
 * @param password what stood before the {@code @}, percent-encoded as it was there
 */
public record StoreAddress(String address, Optional<Secret> password) {
    private static final Pattern FORM = Pattern
            .compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?::?(?<user>[^/]*)@)?(?<rest>.*)", Pattern.DOTALL);
    private static final String HIDDEN = "***";

    /** Takes a text apart; one that is no address has no password. */
    public static StoreAddress of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || form.group("user") == null) {
            return new StoreAddress(text, Optional.empty());
        }
        return new StoreAddress(form.group("scheme") + form.group("rest"), Optional.of(Secret.of(form.group("user"))));
    }

    /** The address with the password as {@code ***}. */
    @Override
    public String toString() {
        return password.isPresent() ? with(HIDDEN) : address;
    }

    /** Whether this is how an address is shown, so that the password has to come from elsewhere. */
    public boolean isMasked() {
        return password.map(Secret::expose).filter(HIDDEN::equals).isPresent();
    }

    /** The same with another password, or without one. */
    public StoreAddress withPassword(Optional<Secret> value) {
        return new StoreAddress(address, value);
    }

    /** The whole address with its password in clear, as nodes want it: {@code zdb://PASSWORD@HOST:PORT}. */
    public String expose() {
        return password.map(Secret::expose).map(this::with).orElse(address);
    }

    private String with(String word) {
        int start = address.indexOf("://") + "://".length();
        return address.substring(0, start) + word + "@" + address.substring(start);
    }
}
