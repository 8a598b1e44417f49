package zship.localnode.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

import zship.localnode.resp.ProtocolFault;
import zship.localnode.resp.Reply;
import zship.localnode.resp.Session;

/** One connection to the store. Answers and texts as measured on 0-db 2.0.7, in user-key mode and without an admin password. */
final class StoreSession implements Session {

    private static final System.Logger LOG = System.getLogger(StoreSession.class.getName());
    private static final int MGET_KEYS = 1023;

    /** Abbreviations go to the first name that starts with them, as in a 0-db. */
    private static final List<String> COMMANDS = List.of("PING", "SET", "SETX", "GET", "MGET", "DEL", "EXISTS", "CHECK",
            "LENGTH", "KEYTIME", "INFO", "NSNEW", "NSINFO", "NSLIST", "SELECT", "DBSIZE", "TIME", "AUTH");

    private final Namespaces namespaces;
    private final String version;
    private Selection selected;

    private record Selection(String name, Namespace namespace) {
    }

    StoreSession(Namespaces namespaces, String version) {
        this.namespaces = namespaces;
        this.version = version;
        this.selected = new Selection(Namespaces.DEFAULT, namespaces.find(Namespaces.DEFAULT).orElseThrow());
    }

    @Override
    public Reply answer(List<byte[]> request) {
        String typed = text(request.getFirst()).toUpperCase(Locale.ROOT);
        String name = COMMANDS.stream().filter(command -> !typed.isEmpty() && command.startsWith(typed)).findFirst()
                .orElse("");
        List<byte[]> arguments = request.subList(1, request.size());
        try {
            return switch (name) {
                case "PING" -> new Reply.Status("PONG");
                case "SET", "SETX" -> set(arguments);
                case "GET", "EXISTS", "CHECK", "LENGTH", "KEYTIME", "DEL" -> key(name, arguments);
                case "MGET" -> getMany(arguments);
                case "" -> new Reply.Error("Command not supported");
                default -> administration(name, arguments);
            };
        } catch (IOException broken) {
            return storageFault(typed, broken);
        }
    }

    private Reply set(List<byte[]> arguments) throws IOException {
        if (arguments.isEmpty()) {
            return new Reply.Error("Invalid argument, key needed");
        }
        if (arguments.size() != 2) {
            return new Reply.Error("Unexpected arguments");
        }
        byte[] key = arguments.getFirst();
        if (key.length > Namespace.LONGEST_KEY) {
            return new Reply.Error("Key too large");
        }
        if (key.length == 0) {
            return new Reply.Error("Invalid argument, key needed");
        }
        return selected.namespace().set(key, arguments.get(1)) ? new Reply.Bulk(key) : Reply.NULL;
    }

    private Reply key(String name, List<byte[]> arguments) throws IOException {
        if (arguments.size() != 1) {
            return new Reply.Error("Unexpected arguments");
        }
        byte[] key = arguments.getFirst();
        if (key.length == 0 || key.length > Namespace.LONGEST_KEY) {
            return new Reply.Error("Invalid key");
        }
        return switch (name) {
            case "GET" -> selected.namespace().get(key).<Reply>map(Reply.Bulk::new).orElse(Reply.NULL);
            case "EXISTS" -> new Reply.Int(selected.namespace().exists(key) ? 1 : 0);
            case "CHECK" -> selected.namespace().exists(key) ? new Reply.Int(1) : Reply.NULL;
            case "LENGTH" -> number(selected.namespace().length(key));
            case "KEYTIME" -> number(selected.namespace().writtenAt(key));
            default -> selected.namespace().delete(key) ? Reply.OK : new Reply.Error("Key not found");
        };
    }

    private static Reply number(OptionalLong value) {
        return value.isPresent() ? new Reply.Int(value.getAsLong()) : Reply.NULL;
    }

    private Reply getMany(List<byte[]> keys) throws IOException {
        if (keys.isEmpty() || keys.size() > MGET_KEYS) {
            return new Reply.Error("Unexpected arguments");
        }
        List<Reply> values = new ArrayList<>();
        for (byte[] key : keys) {
            boolean possible = key.length > 0 && key.length <= Namespace.LONGEST_KEY;
            values.add(possible
                    ? selected.namespace().get(key).<Reply>map(Reply.Bulk::new).orElse(Reply.NULL)
                    : Reply.NULL);
        }
        return new Reply.Array(values);
    }

    private Reply administration(String name, List<byte[]> arguments) throws IOException {
        return switch (name) {
            case "INFO" -> Reply.bulk("# server\nserver_name: 0-db (zdb)\nserver_revision: zship " + version
                    + "\nengine_revision: zship " + version + "\ninstance_mode: userkey\n");
            case "AUTH" -> auth(arguments);
            case "SELECT" -> select(arguments);
            case "NSNEW" -> create(arguments);
            case "NSINFO" -> info(arguments);
            case "NSLIST" -> new Reply.Array(namespaces.names().stream().map(Reply::bulk).toList());
            case "DBSIZE" -> new Reply.Int(selected.namespace().size().entries());
            default -> time();
        };
    }

    private static Reply time() {
        long micros = System.currentTimeMillis() * 1000;
        return new Reply.Array(List.of(Reply.bulk(Long.toString(micros / 1_000_000)),
                Reply.bulk(Long.toString(micros % 1_000_000))));
    }

    private static Reply auth(List<byte[]> arguments) {
        return switch (arguments.size()) {
            case 1 -> new Reply.Error("Authentication disabled");
            case 2 -> text(arguments.getFirst()).equalsIgnoreCase("SECURE")
                    ? new Reply.Error("Authentication disabled")
                    : new Reply.Error("Only SECURE extra method supported");
            default -> new Reply.Error("Unexpected arguments");
        };
    }

    private Reply select(List<byte[]> arguments) {
        if (arguments.isEmpty() || arguments.size() > 3) {
            return new Reply.Error("Unexpected arguments");
        }
        String name = text(arguments.getFirst());
        return namespaces.find(name).<Reply>map(found -> {
            selected = new Selection(name, found);
            return Reply.OK;
        }).orElse(new Reply.Error("Namespace not found"));
    }

    private Reply create(List<byte[]> arguments) throws IOException {
        if (arguments.size() != 1) {
            return new Reply.Error("Unexpected arguments");
        }
        String name = text(arguments.getFirst());
        if (!Namespaces.isValid(name)) {
            return new Reply.Error("This name is not allowed");
        }
        return namespaces.create(name) ? Reply.OK : new Reply.Error("This namespace is not available");
    }

    private Reply info(List<byte[]> arguments) throws IOException {
        String name = arguments.isEmpty() ? selected.name() : text(arguments.getFirst());
        var found = namespaces.find(name);
        if (found.isEmpty()) {
            return new Reply.Error("Namespace not found");
        }
        Namespace.Size size = found.get().size();
        return Reply.bulk("# namespace\nname: " + name + "\nentries: " + size.entries()
                + "\npublic: yes\nworm: no\nlocked: no\npassword: no\ndata_size_bytes: " + size.bytes()
                + "\ndata_limits_bytes: 0\nmode: userkey\n");
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
