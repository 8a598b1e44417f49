package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import zship.flist.Secret;
import zship.localnode.resp.ProtocolFault;
import zship.localnode.resp.Reply;
import zship.localnode.resp.Session;

/** One connection to the store. Answers and texts as those of 0-db 2.0.7 in user-key mode. */
final class StoreSession implements Session {

    private static final System.Logger LOG = System.getLogger(StoreSession.class.getName());
    private static final int MGET_KEYS = 1023;
    /** Values of one answer that are held in memory at a time; more are read as the client takes them. */
    private static final long MGET_BYTES = 16 << 20;
    private static final Reply UNEXPECTED = new Reply.Error("Unexpected arguments");

    /** Abbreviations go to the first name that starts with them, as in a 0-db. */
    private static final List<String> COMMANDS = List.of("PING", "TIME", "AUTH", "SET", "SETX", "GET", "MGET", "DEL",
            "EXISTS", "CHECK", "SCAN", "SCANX", "INFO", "LENGTH", "KEYTIME", "DBSIZE", "NSNEW", "NSDEL", "NSLIST",
            "NSSET", "NSINFO", "SELECT");

    private final Namespaces namespaces;
    private final NamespaceCommands namespaceCommands;
    private final Authentication authentication;
    private final Optional<Secret> changes;
    private final String version;
    private Selection selected;

    private record Selection(Namespace namespace, boolean writable) {
    }

    /** A session; {@code changes} is the password without which every namespace is read-only here, if there is one. */
    StoreSession(Namespaces namespaces, StoreAccess access, Optional<Secret> changes, String version) {
        this.changes = changes;
        this.namespaces = namespaces;
        this.namespaceCommands = new NamespaceCommands(namespaces);
        this.authentication = new Authentication(access.admin());
        this.version = version;
        this.selected = new Selection(namespaces.find(Namespaces.DEFAULT).orElseThrow(),
                !access.protect() && changes.isEmpty());
    }

    @Override
    public Reply answer(List<byte[]> request) {
        if (selected.namespace().isRemoved()) {
            return new Reply.Fatal("Your active namespace is not available anymore (probably removed).");
        }
        String typed = text(request.getFirst()).toUpperCase(Locale.ROOT);
        String name = COMMANDS.stream().filter(command -> !typed.isEmpty() && command.startsWith(typed)).findFirst()
                .orElse("");
        List<byte[]> arguments = request.subList(1, request.size());
        try {
            return switch (name) {
                case "PING" -> new Reply.Status("PONG");
                case "AUTH" -> authentication.auth(arguments);
                case "SELECT" -> select(arguments);
                case "INFO" -> info();
                case "TIME" -> time();
                case "NSNEW", "NSDEL", "NSLIST", "NSSET", "NSINFO" -> namespaceCommands.answer(name, arguments,
                        selected.namespace(), authentication.isAdministrator());
                case "" -> new Reply.Error("Command not supported");
                default -> data(name, arguments);
            };
        } catch (IOException broken) {
            return storageFault(typed, broken);
        }
    }

    private Reply data(String name, List<byte[]> arguments) throws IOException {
        return switch (name) {
            case "SET", "SETX" -> set(arguments);
            case "MGET" -> getMany(arguments);
            case "SCAN", "SCANX" -> scan(arguments);
            case "DBSIZE" -> new Reply.Int(selected.namespace().size().entries());
            default -> key(name, arguments);
        };
    }

    private Reply set(List<byte[]> arguments) throws IOException {
        if (arguments.size() == 3 && !authentication.isAdministrator()) {
            return new Reply.Error("Permission denied");
        }
        if (arguments.size() != 2 && arguments.size() != 3) {
            return UNEXPECTED;
        }
        byte[] key = arguments.getFirst();
        if (key.length > Namespace.LONGEST_KEY) {
            return new Reply.Error("Key too large");
        }
        Optional<Reply> refusal = suspended().or(this::unwritable);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (key.length == 0) {
            return new Reply.Error("Invalid argument, key needed");
        }
        if (settings().worm() && selected.namespace().exists(key)) {
            return new Reply.Error("Namespace is protected by worm mode");
        }
        OptionalLong time = arguments.size() == 3 ? seconds(arguments.get(2)) : OptionalLong.empty();
        return switch (selected.namespace().set(key, arguments.get(1), time)) {
            case NEW -> new Reply.Bulk(key);
            case SAME -> Reply.NULL;
            case FULL -> new Reply.Error("No space left on this namespace");
        };
    }

    private static OptionalLong seconds(byte[] argument) {
        String digits = text(argument);
        return OptionalLong.of(digits.matches("\\d{1,10}") ? Long.parseLong(digits) : 0);
    }

    private Reply key(String name, List<byte[]> arguments) throws IOException {
        if (arguments.size() != 1) {
            return UNEXPECTED;
        }
        byte[] key = arguments.getFirst();
        if (key.length == 0) {
            return new Reply.Error("Invalid argument");
        }
        if (key.length > Namespace.LONGEST_KEY) {
            return new Reply.Error("Invalid key");
        }
        Optional<Reply> refusal = name.equals("DEL") ? suspended().or(this::unwritable) : suspended();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return switch (name) {
            case "GET" -> selected.namespace().get(key).<Reply>map(Reply.Bulk::new).orElse(Reply.NULL);
            case "EXISTS" -> new Reply.Int(selected.namespace().exists(key) ? 1 : 0);
            case "CHECK" -> selected.namespace().exists(key) ? new Reply.Int(1) : Reply.NULL;
            case "LENGTH" -> number(selected.namespace().length(key));
            case "KEYTIME" -> number(selected.namespace().writtenAt(key));
            default -> delete(key);
        };
    }

    private Reply delete(byte[] key) throws IOException {
        if (settings().worm() && selected.namespace().exists(key)) {
            return new Reply.Error("Cannot delete a key when namespace is in worm mode");
        }
        return selected.namespace().delete(key) ? Reply.OK : new Reply.Error("Key not found");
    }

    private NamespaceSettings settings() {
        return selected.namespace().settings();
    }

    private Optional<Reply> suspended() {
        return settings().frozen()
                ? Optional.of(new Reply.Error("Namespace is temporarily frozen (read-write disabled)"))
                : Optional.empty();
    }

    private Optional<Reply> unwritable() {
        if (!selected.writable()) {
            return Optional.of(new Reply.Error("Namespace is in read-only mode"));
        }
        return settings().locked()
                ? Optional.of(new Reply.Error("Namespace is temporarily locked (read-only)"))
                : Optional.empty();
    }

    private static Reply number(OptionalLong value) {
        return value.isPresent() ? new Reply.Int(value.getAsLong()) : Reply.NULL;
    }

    private Reply getMany(List<byte[]> keys) throws IOException {
        if (keys.isEmpty() || keys.size() > MGET_KEYS) {
            return UNEXPECTED;
        }
        Optional<Reply> refusal = suspended();
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Namespace namespace = selected.namespace();
        List<Reply> values = new ArrayList<>();
        long bytes = 0;
        for (byte[] key : keys) {
            Reply value = bytes < MGET_BYTES ? value(namespace, key) : new Reply.Later(() -> lateValue(namespace, key));
            bytes += value instanceof Reply.Bulk bulk ? bulk.value().length : 0;
            values.add(value);
        }
        return new Reply.Array(values);
    }

    private static Reply value(Namespace namespace, byte[] key) throws IOException {
        boolean possible = key.length > 0 && key.length <= Namespace.LONGEST_KEY;
        return possible ? namespace.get(key).<Reply>map(Reply.Bulk::new).orElse(Reply.NULL) : Reply.NULL;
    }

    /** The answer has begun, so a failure takes the place of the value. */
    private static Reply lateValue(Namespace namespace, byte[] key) {
        try {
            return value(namespace, key);
        } catch (IOException broken) {
            return storageFault("MGET", broken);
        }
    }

    /** The cursor is the last key told of; a 0-db has other cursors, which mean nothing to clients either. */
    private Reply scan(List<byte[]> arguments) throws IOException {
        if (arguments.size() > 1) {
            return UNEXPECTED;
        }
        if (!arguments.isEmpty()
                && (arguments.getFirst().length == 0 || arguments.getFirst().length > Namespace.LONGEST_KEY)) {
            return new Reply.Error("Invalid key format");
        }
        List<Namespace.Found> found = selected.namespace().scan(arguments.stream().findFirst());
        if (found.isEmpty()) {
            return new Reply.Error("No more data");
        }
        List<Reply> entries = found.stream().<Reply>map(it -> new Reply.Array(List.of(new Reply.Bulk(it.key()),
                new Reply.Int(it.bytes()), new Reply.Int(it.seconds())))).toList();
        return new Reply.Array(List.of(new Reply.Bulk(found.getLast().key()), new Reply.Array(entries)));
    }

    private Reply info() {
        return Reply.bulk("# server\nserver_name: 0-db (zdb)\nserver_revision: zship " + version
                + "\nengine_revision: zship " + version + "\ninstance_mode: userkey\n");
    }

    private static Reply time() {
        long micros = System.currentTimeMillis() * 1000;
        return new Reply.Array(List.of(Reply.bulk(Long.toString(micros / 1_000_000)),
                Reply.bulk(Long.toString(micros % 1_000_000))));
    }

    private Reply select(List<byte[]> arguments) {
        if (arguments.isEmpty()) {
            return new Reply.Error("Invalid argument");
        }
        if (arguments.size() > 3) {
            return UNEXPECTED;
        }
        Optional<Namespace> found = namespaces.find(text(arguments.getFirst()));
        if (found.isEmpty()) {
            return new Reply.Error("Namespace not found");
        }
        List<byte[]> given = arguments.subList(1, arguments.size());
        NamespaceSettings settings = found.get().settings();
        Optional<Secret> wanted = settings.password().or(() -> changes);
        boolean guest = wanted.isPresent() && given.isEmpty();
        if (guest && !settings.open()) {
            return new Reply.Error("Namespace protected and private");
        }
        Optional<Reply> refusal = guest
                ? Optional.empty()
                : wanted.flatMap(password -> authentication.refusal(given, password));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        selected = new Selection(found.get(), !guest);
        return Reply.OK;
    }

    /** A full disk has 0-db's own text; everything else says what the system said, without paths of the store. */
    private static Reply storageFault(String command, IOException broken) {
        String reason = reason(broken);
        LOG.log(System.Logger.Level.ERROR, "store: {0} failed: {1}", command, broken.toString());
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return new Reply.Error("No space left on this namespace");
        }
        return new Reply.Error("Cannot access the store directory: " + reason);
    }

    private static String reason(IOException broken) {
        if (broken instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (broken instanceof FileSystemException specific && specific.getReason() != null) {
            return specific.getReason();
        }
        return broken instanceof AccessDeniedException
                ? "Permission denied"
                : String.valueOf(broken.getMessage());
    }

    private static String text(byte[] raw) {
        return new String(raw, StandardCharsets.UTF_8);
    }

    /** A request of impossible length spoils the connection but does not end it. */
    @Override
    public boolean survives(ProtocolFault fault) {
        return fault instanceof ProtocolFault.ArrayLength;
    }

    @Override
    public Reply inline(String line) {
        return new Reply.Fatal("Malformed request, array expected");
    }

    @Override
    public Reply.Fatal malformed(ProtocolFault fault) {
        return new Reply.Fatal(switch (fault) {
            case ProtocolFault.ArrayLength length -> "Missing/Too many arguments";
            case ProtocolFault.BulkLength length -> "Payload too big";
            case ProtocolFault.ElementType type -> "Malformed request, array expected";
            case ProtocolFault.Syntax syntax -> "Malformed request, array expected";
        });
    }
}
