package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import zship.flist.Secret;

/**
 * What {@code NSSET} sets. A new namespace is public, without password and without limits, as in a 0-db.
 *
 * @param password needed for writing, and for reading when the namespace is not public
 * @param open whether everybody may read
 * @param worm whether keys are written once and never changed or removed
 * @param locked whether writing is suspended
 * @param frozen whether reading and writing are suspended
 * @param maxBytes the most bytes of all values, 0 for no limit
 */
record NamespaceSettings(Optional<Secret> password, boolean open, boolean worm, boolean locked, boolean frozen,
        long maxBytes) {
    static final NamespaceSettings NEW = new NamespaceSettings(Optional.empty(), true, false, false, false, 0);
    private static final String FILE = ".settings";

    /** The same with one property changed; empty when there is no such property. */
    Optional<NamespaceSettings> with(String property, String value) {
        boolean on = value.startsWith("1");
        return Optional.ofNullable(switch (property) {
            case "password" -> withPassword(
                    value.equals("*") || value.isEmpty() ? Optional.empty() : Optional.of(Secret.of(value)));
            case "public" -> new NamespaceSettings(password, on, worm, locked, frozen, maxBytes);
            case "worm" -> new NamespaceSettings(password, open, on, locked, frozen, maxBytes);
            case "lock" -> new NamespaceSettings(password, open, worm, on, frozen, maxBytes);
            case "freeze" -> new NamespaceSettings(password, open, worm, locked, on, maxBytes);
            case "maxsize" -> new NamespaceSettings(password, open, worm, locked, frozen, number(value));
            default -> null;
        });
    }

    NamespaceSettings withPassword(Optional<Secret> other) {
        return new NamespaceSettings(other, open, worm, locked, frozen, maxBytes);
    }

    static NamespaceSettings read(Path directory) throws IOException {
        NamespaceSettings settings = NEW;
        try {
            for (String line : Files.readAllLines(directory.resolve(FILE))) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    settings = settings.with(line.substring(0, space), line.substring(space + 1)).orElse(settings);
                }
            }
        } catch (NoSuchFileException nothing) {
            return NEW;
        }
        return settings;
    }

    /** Replaces the file in one step; only the owner can read it, since it may hold a password. */
    void write(Path directory) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        password.ifPresent(secret -> lines.put("password", secret.expose()));
        lines.put("public", open ? "1" : "0");
        lines.put("worm", worm ? "1" : "0");
        lines.put("lock", locked ? "1" : "0");
        lines.put("freeze", frozen ? "1" : "0");
        lines.put("maxsize", Long.toString(maxBytes));
        StringBuilder text = new StringBuilder();
        lines.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
        Path temporary = Files.createTempFile(directory, FILE, ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.write(temporary, text.toString().getBytes(StandardCharsets.UTF_8));
            Files.move(temporary, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** As the C function that a 0-db uses: leading digits count, everything else is 0. */
    private static long number(String text) {
        String digits = text.replaceFirst("^(\\d{0,18}).*$", "$1");
        return digits.isEmpty() ? 0 : Long.parseLong(digits);
    }
}
