package zship.localnode.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import zship.localnode.access.TokenCheck;
import zship.localnode.resp.Arguments.RefusedException;
import zship.localnode.resp.Keyspace.End;

/**
 * The part of Redis that clients of a Zero-OS node use, with the answers of the node's proxy: nothing of a connection
 * survives a command, every null is {@code $-1}, RESP 3 is refused. Texts measured on redis 7.0.15 behind the proxy of
 * 0-core (July 2019).
 */
public final class QueueSession implements Session {

    private static final int ANY = Integer.MAX_VALUE;

    private final Keyspace keyspace;
    private final Optional<TokenCheck> check;
    private final AtomicBoolean admitted;

    /**
     * A session on those lists; all sessions share them.
     *
     * @param keyspace the lists
     * @param check    what tokens must hold to; empty when nobody has to show one
     */
    public QueueSession(Keyspace keyspace, Optional<TokenCheck> check) {
        this.keyspace = keyspace;
        this.check = check;
        this.admitted = new AtomicBoolean(check.isEmpty());
    }

    @Override
    public Reply answer(List<byte[]> request) throws InterruptedException {
        Arguments arguments = new Arguments(request);
        if (!admitted.get() && !arguments.name().equals("AUTH")) {
            return new Reply.Error("permission denied, please call AUTH first with a valid JWT");
        }
        try {
            return switch (arguments.name()) {
                case "RPUSH", "LPUSH", "LPOP", "RPOP", "LLEN", "LRANGE", "LINDEX", "RPOPLPUSH" -> list(arguments);
                case "BLPOP", "BRPOP", "BRPOPLPUSH" -> blocking(arguments);
                case "EXISTS", "LKEYEXISTS", "TTL", "LTTL", "PTTL", "EXPIRE", "PEXPIRE", "DEL", "TYPE", "GET" ->
                    key(arguments);
                default -> connection(arguments);
            };
        } catch (RefusedException refused) {
            return new Reply.Error(String.valueOf(refused.getMessage()));
        } catch (Keyspace.FullException full) {
            return new Reply.Error("OOM command not allowed when used memory > 'maxmemory'.");
        }
    }

    private Reply list(Arguments a) {
        return switch (a.name()) {
            case "RPUSH" -> push(a.need(2, ANY), End.RIGHT);
            case "LPUSH" -> push(a.need(2, ANY), End.LEFT);
            case "LPOP" -> value(keyspace.pop(a.need(1, 1).text(1), End.LEFT));
            case "RPOP" -> value(keyspace.pop(a.need(1, 1).text(1), End.RIGHT));
            case "LLEN" -> new Reply.Int(keyspace.length(a.need(1, 1).text(1)));
            case "LRANGE" -> range(a.need(3, 3));
            case "LINDEX" -> value(keyspace.range(a.need(2, 2).text(1), a.number(2), a.number(2)).stream().findFirst());
            default -> value(keyspace.rotate(a.need(2, 2).text(1), a.text(2)));
        };
    }

    private Reply push(Arguments a, End end) {
        return new Reply.Int(keyspace.push(a.text(1), end, a.elements().subList(2, a.elements().size())));
    }

    private Reply range(Arguments a) {
        List<Reply> items = new ArrayList<>();
        keyspace.range(a.text(1), a.number(2), a.number(3)).forEach(item -> items.add(new Reply.Bulk(item)));
        return new Reply.Array(items);
    }

    private Reply blocking(Arguments a) throws InterruptedException {
        if (a.name().equals("BRPOPLPUSH")) {
            a.need(3, 3);
            return value(keyspace.awaitRotate(a.text(1), a.text(2), a.timeoutMillis(3)));
        }
        a.need(2, ANY);
        End end = a.name().equals("BLPOP") ? End.LEFT : End.RIGHT;
        return keyspace.awaitPop(a.texts(1, a.count()), end, a.timeoutMillis(a.count()))
                .<Reply>map(popped -> new Reply.Array(
                        List.of(new Reply.Bulk(popped.key().getBytes(StandardCharsets.ISO_8859_1)),
                                new Reply.Bulk(popped.value()))))
                .orElse(Reply.NULL);
    }

    private Reply key(Arguments a) {
        return switch (a.name()) {
            case "EXISTS", "LKEYEXISTS" -> new Reply.Int(a.need(1, ANY).texts(1, a.count() + 1).stream()
                    .filter(name -> keyspace.length(name) > 0).count());
            case "DEL" -> new Reply.Int(
                    a.need(1, ANY).texts(1, a.count() + 1).stream().filter(keyspace::delete).count());
            case "TTL", "LTTL" -> new Reply.Int(timeToLive(a.need(1, 1).text(1), 1000));
            case "PTTL" -> new Reply.Int(timeToLive(a.need(1, 1).text(1), 1));
            case "EXPIRE" -> flag(keyspace.expire(a.need(2, 2).text(1), a.number(2) * 1000));
            case "PEXPIRE" -> flag(keyspace.expire(a.need(2, 2).text(1), a.number(2)));
            case "TYPE" -> new Reply.Status(keyspace.length(a.need(1, 1).text(1)) > 0 ? "list" : "none");
            default -> keyspace.length(a.need(1, 1).text(1)) == 0
                    ? Reply.NULL
                    : new Reply.Error("WRONGTYPE Operation against a key holding the wrong kind of value");
        };
    }

    private long timeToLive(String key, int unit) {
        long millis = keyspace.timeToLive(key).orElse(-2);
        return millis < 0 ? millis : (millis + unit / 2) / unit;
    }

    private static Reply flag(boolean yes) {
        return new Reply.Int(yes ? 1 : 0);
    }

    private static Reply value(Optional<byte[]> value) {
        return value.<Reply>map(Reply.Bulk::new).orElse(Reply.NULL);
    }

    private Reply connection(Arguments a) {
        return switch (a.name()) {
            case "PING" -> a.need(0, 1).count() == 0 ? new Reply.Status("PONG") : new Reply.Bulk(a.bytes(1));
            case "ECHO" -> new Reply.Bulk(a.need(1, 1).bytes(1));
            case "AUTH" -> authenticate(a);
            case "QUIT", "MULTI", "WATCH", "UNWATCH" -> Reply.OK;
            case "SELECT" -> a.need(1, 1).number(1) >= 0 && a.number(1) < 16
                    ? Reply.OK
                    : new Reply.Error("ERR DB index is out of range");
            case "EXEC" -> new Reply.Error("ERR EXEC without MULTI");
            case "HELLO" -> hello(a);
            case "CLIENT" -> client(a.need(1, ANY));
            case "CLUSTER", "READONLY" -> new Reply.Error("ERR This instance has cluster support disabled");
            case "INFO" -> Reply.bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux\r\n");
            default -> unknown(a);
        };
    }

    private Reply authenticate(Arguments a) {
        if (a.count() != 1) {
            return new Reply.Error("invalid number of arguments");
        }
        if (check.isPresent() && !check.get().accepts(a.text(1))) {
            return new Reply.Error("invalid jwt");
        }
        admitted.set(true);
        return Reply.OK;
    }

    private static Reply hello(Arguments a) {
        if (a.count() > 0 && !a.text(1).equals("2")) {
            return new Reply.Error("redigo: unexpected response line "
                    + "(possible server error or unsupported concurrent read by application)");
        }
        return new Reply.Array(List.of(Reply.bulk("server"), Reply.bulk("redis"), Reply.bulk("version"),
                Reply.bulk("7.0.15"), Reply.bulk("proto"), new Reply.Int(2), Reply.bulk("id"), new Reply.Int(1),
                Reply.bulk("mode"), Reply.bulk("standalone"), Reply.bulk("role"), Reply.bulk("master"),
                Reply.bulk("modules"), new Reply.Error("unhandled return type: []interface {}([])")));
    }

    private static Reply client(Arguments a) {
        return switch (a.text(1).toUpperCase(Locale.ROOT)) {
            case "SETNAME", "TRACKING" -> Reply.OK;
            case "GETNAME" -> Reply.NULL;
            case "ID" -> new Reply.Int(1);
            default -> new Reply.Error("ERR unknown subcommand '" + a.text(1) + "'. Try CLIENT HELP.");
        };
    }

    private static Reply unknown(Arguments a) {
        StringBuilder rest = new StringBuilder();
        for (String argument : a.texts(1, Math.min(a.count() + 1, 21))) {
            rest.append('\'').append(argument, 0, Math.min(argument.length(), 128)).append("' ");
        }
        String name = a.text(0);
        return new Reply.Error("ERR unknown command '" + name.substring(0, Math.min(name.length(), 128))
                + "', with args beginning with: " + rest);
    }

    /** A line that only HTTP has ends the connection: a web page must not reach the queue through a browser's request. */
    @Override
    public Reply inline(String line) throws InterruptedException {
        Optional<List<byte[]>> words = InlineCommand.split(line);
        if (words.isEmpty()) {
            return new Reply.Fatal("ERR Protocol error: unbalanced quotes in request");
        }
        if (words.get().isEmpty()) {
            return new Reply.Fatal("ERR Protocol error: invalid multibulk length");
        }
        String first = new String(words.get().getFirst(), StandardCharsets.ISO_8859_1);
        if (first.equalsIgnoreCase("POST") || first.equalsIgnoreCase("Host:")) {
            return new Reply.Fatal("ERR Protocol error: this is not an HTTP server");
        }
        return answer(words.get());
    }

    @Override
    public Reply.Fatal malformed(ProtocolFault fault) {
        String text = switch (fault) {
            case ProtocolFault.ArrayLength length -> "invalid multibulk length";
            case ProtocolFault.BulkLength length -> "invalid bulk length";
            case ProtocolFault.ElementType type -> "expected '$', got '" + type.type() + "'";
            case ProtocolFault.Syntax syntax -> "invalid bulk length";
        };
        return new Reply.Fatal("ERR Protocol error: " + text);
    }
}
