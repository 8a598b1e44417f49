package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import zship.localnode.resp.Reply;

/** {@code NSNEW}, {@code NSDEL}, {@code NSSET}, {@code NSINFO} and {@code NSLIST}. */
final class NamespaceCommands {
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_VALUE = 63;
    private static final double MEBIBYTE = 1024.0 * 1024.0;
    private static final Reply NOT_FOUND = new Reply.Error("Namespace not found");
    private static final Reply UNEXPECTED = new Reply.Error("Unexpected arguments");

    private final Namespaces namespaces;

    NamespaceCommands(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /**
     * Answers one of them.
     *
     * @param current the namespace the client uses
     * @param administrator whether it may change namespaces
     */
    Reply answer(String command, List<byte[]> arguments, Namespace current, boolean administrator)
            throws IOException {
        if (command.equals("NSLIST")) {
            return new Reply.Array(namespaces.names().stream().map(Reply::bulk).toList());
        }
        if (!command.equals("NSINFO") && !administrator) {
            return new Reply.Error("Permission denied");
        }
        if (arguments.size() != (command.equals("NSSET") ? 3 : 1)) {
            return UNEXPECTED;
        }
        if (arguments.stream().anyMatch(argument -> argument.length == 0)) {
            return new Reply.Error("Invalid argument");
        }
        if (arguments.getFirst().length > LONGEST_NAME) {
            return new Reply.Error("Namespace too long");
        }
        String name = text(arguments.getFirst());
        return switch (command) {
            case "NSNEW" -> create(name);
            case "NSDEL" -> remove(name, current);
            case "NSSET" -> set(name, text(arguments.get(1)), arguments.get(2));
            default -> info(name);
        };
    }

    private Reply create(String name) throws IOException {
        if (!Namespaces.isValid(name)) {
            return new Reply.Error("This name is not allowed");
        }
        return namespaces.create(name) ? Reply.OK : new Reply.Error("This namespace is not available");
    }

    private Reply remove(String name, Namespace current) throws IOException {
        if (name.equals(Namespaces.DEFAULT)) {
            return new Reply.Error("Cannot remove default namespace");
        }
        Optional<Namespace> found = namespaces.find(name);
        if (found.isEmpty()) {
            return new Reply.Error("This namespace doesn't exists");
        }
        if (found.get() == current) {
            return new Reply.Error("Cannot remove namespace you're currently using.");
        }
        namespaces.remove(name, found.get());
        return Reply.OK;
    }

    private Reply set(String name, String property, byte[] value) throws IOException {
        if (value.length > LONGEST_VALUE) {
            return new Reply.Error("Invalid value");
        }
        if (name.equals(Namespaces.DEFAULT)) {
            return new Reply.Error("Cannot update default namespace");
        }
        Optional<Namespace> found = namespaces.find(name);
        if (found.isEmpty()) {
            return NOT_FOUND;
        }
        Namespace namespace = found.get();
        String text = text(value);
        if (property.equals("mode")) {
            return mode(namespace, text);
        }
        Optional<NamespaceSettings> changed = text.contains("\n")
                ? Optional.empty()
                : namespace.settings().with(property, text);
        if (changed.isEmpty()) {
            return new Reply.Error("Invalid property");
        }
        namespace.change(changed.get());
        return Reply.OK;
    }

    /** Chunks are found under their own keys only, so there is no other mode. */
    private static Reply mode(Namespace namespace, String mode) throws IOException {
        if (namespace.size().entries() > 0) {
            return new Reply.Error("Cannot change mode of used namespace");
        }
        return mode.toLowerCase(Locale.ROOT).equals("user")
                ? Reply.OK
                : new Reply.Error("Only the mode user is supported");
    }

    private Reply info(String name) throws IOException {
        Optional<Namespace> found = namespaces.find(name);
        if (found.isEmpty()) {
            return NOT_FOUND;
        }
        NamespaceSettings settings = found.get().settings();
        Namespace.Size size = found.get().size();
        long free = found.get().freeBytes();
        return Reply.bulk(String.format(Locale.ROOT, """
                # namespace
                name: %s
                entries: %d
                public: %s
                worm: %s
                locked: %s
                frozen: %s
                password: %s
                data_size_bytes: %d
                data_size_mb: %.2f
                data_limits_bytes: %d
                index_size_bytes: 0
                index_size_kb: 0.00
                mode: userkey
                data_disk_freespace_bytes: %d
                data_disk_freespace_mb: %.2f
                """, name, size.entries(), yes(settings.open()), yes(settings.worm()), yes(settings.locked()),
                yes(settings.frozen()), yes(settings.password().isPresent()), size.bytes(), size.bytes() / MEBIBYTE,
                settings.maxBytes(), free, free / MEBIBYTE));
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static String text(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }
}
