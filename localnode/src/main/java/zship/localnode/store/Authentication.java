package zship.localnode.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import zship.flist.Secret;
import zship.localnode.resp.Reply;

/**
 * Who one client is. {@code AUTH password} gives the password itself; {@code AUTH SECURE CHALLENGE} asks for a nonce, with which
 * {@code AUTH SECURE} and {@code SELECT name SECURE} take {@code hex(sha1(nonce ":" password))} instead. A nonce serves once.
 */
final class Authentication {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 10;
    private static final Reply DENIED = new Reply.Error("Access denied");

    private final Optional<Secret> admin;
    private final AtomicBoolean administrator;
    private final AtomicReference<@Nullable String> nonce = new AtomicReference<>();

    Authentication(Optional<Secret> admin) {
        this.admin = admin;
        this.administrator = new AtomicBoolean(admin.isEmpty());
    }

    /** Without an administrator's password everybody is one. */
    boolean isAdministrator() {
        return administrator.get();
    }

    Reply auth(List<byte[]> arguments) {
        return switch (arguments.size()) {
            case 1 -> plain(text(arguments.getFirst()));
            case 2 -> text(arguments.getFirst()).equalsIgnoreCase("SECURE")
                    ? secure(text(arguments.get(1)))
                    : new Reply.Error("Only SECURE extra method supported");
            default -> new Reply.Error("Unexpected arguments");
        };
    }

    private Reply plain(String given) {
        return admin.isEmpty() ? new Reply.Error("Authentication disabled") : admit(matches(given, admin.get()));
    }

    private Reply secure(String given) {
        if (given.equalsIgnoreCase("CHALLENGE")) {
            byte[] random = new byte[NONCE_BYTES];
            RANDOM.nextBytes(random);
            String fresh = HexFormat.of().formatHex(random);
            nonce.set(fresh);
            return new Reply.Status(fresh);
        }
        if (admin.isEmpty()) {
            return new Reply.Error("Authentication disabled");
        }
        return proof(given, admin.get()).map(this::admit).orElse(noChallenge());
    }

    private Reply admit(boolean granted) {
        if (granted) {
            administrator.set(true);
        }
        return granted ? Reply.OK : DENIED;
    }

    /**
     * Whether a client that selects a namespace knows its password.
     *
     * @param given the password, or {@code SECURE} and the hash
     * @return the refusal, if it does not
     */
    Optional<Reply> refusal(List<byte[]> given, Secret password) {
        if (given.size() == 1) {
            return matches(text(given.getFirst()), password) ? Optional.empty() : Optional.of(DENIED);
        }
        if (!text(given.getFirst()).equalsIgnoreCase("SECURE")) {
            return Optional.of(new Reply.Error("Only SECURE extra method supported"));
        }
        Optional<Boolean> proved = proof(text(given.get(1)), password);
        return proved.isEmpty()
                ? Optional.of(noChallenge())
                : proved.filter(granted -> !granted).map(granted -> DENIED);
    }

    /** Empty when no nonce was asked for. */
    private Optional<Boolean> proof(String given, Secret password) {
        String asked = nonce.getAndSet(null);
        return Optional.ofNullable(asked)
                .map(it -> matches(given.toLowerCase(java.util.Locale.ROOT),
                        Secret.of(sha1(it + ":" + password.expose()))));
    }

    private static Reply noChallenge() {
        return new Reply.Error("No CHALLENGE requested, secure authentication not available");
    }

    private static boolean matches(String given, Secret wanted) {
        return Secret.of(given).equals(wanted);
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static String text(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
