package zship.cli.flist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SmallFile;
import zship.flist.Flist;
import zship.flist.disk.DiskFaults;
import zship.flist.edit.MetadataValues;
import zship.flist.edit.Passwords;
import zship.flist.store.StoreUrl;

/** {@code metadata}: lists, shows, sets and removes. */
final class Metadata {
    private static final Pattern PORT = Pattern.compile("(?:tcp|udp)/([0-9]{1,5})=([0-9]{1,5})");
    private static final int LAST_PORT = 65535;

    private static final int MAX_README = 1 << 20;

    private final Session session;
    private final Path file;

    Metadata(Session session, Path file) {
        this.session = session;
        this.file = file;
    }

    int show(String key) {
        Map<String, String> values = new TreeMap<>(Flist.open(file).metadata());
        values.replaceAll(Passwords::masked);
        if (key.isEmpty()) {
            session.output().result(Map.of("metadata", values),
                    values.keySet().stream().map(Trees::visible).collect(Collectors.joining("\n")));
            return ExitCode.OK;
        }
        String value = values.get(key);
        if (value == null) {
            throw missing(key);
        }
        session.output().result(Map.of("metadata", key, "value", value), value);
        return ExitCode.OK;
    }

    int remove(String key, String member) {
        return new Edits(session, file).apply(flist -> {
            if (!flist.metadata().containsKey(key)) {
                throw missing(key);
            }
            return member.isEmpty() ? flist.withoutMetadata(key) : MetadataValues.unset(flist, key, member);
        });
    }

    int set(String key, List<String> values) {
        if (key.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "cannot set metadata to " + String.join(" ", values),
                    "its key is empty", "zship flist metadata " + file + " KEY VALUE");
        }
        return new Edits(session, file).apply(flist -> switch (key) {
            case "backend" -> backend(flist, single(key, values));
            case "entrypoint" -> MetadataValues.entrypoint(flist, values);
            case "environ", "readme" -> MetadataValues.put(flist, key, pairs(key, values));
            case "port" -> ports(flist, values);
            case "volume" -> volumes(flist, values);
            default -> flist.withMetadata(key, single(key, values));
        });
    }

    int importReadme(String key, Path text, List<String> others) {
        if (!key.equals("readme")) {
            throw wrong(key, "the text of " + text, "readme --import FILE");
        }
        Map<String, String> members = new LinkedHashMap<>(pairs(key, others));
        try {
            members.put("readme", SmallFile.readText(text, MAX_README)
                    .orElseThrow(() -> wrong(key, "the text of " + text, "at most 1 MiB")));
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot read " + text, DiskFaults.reason(e), "name a file of text");
        }
        return new Edits(session, file).apply(flist -> MetadataValues.put(flist, key, members));
    }

    private static Flist backend(Flist flist, String url) {
        if (StoreUrl.of(url) instanceof StoreUrl.Server server) {
            if (server.password().isPresent()) {
                throw new CliException(ExitCode.USAGE, "cannot keep the backend " + server,
                        "a password in an flist is readable by everybody who has the file", "leave the password out");
            }
            return MetadataValues.backend(flist, server);
        }
        throw new CliException(ExitCode.USAGE, "cannot keep the backend " + url, "nodes read from servers only",
                "write zdb://host:port[/namespace]");
    }

    private static Flist ports(Flist flist, List<String> values) {
        Flist changed = flist;
        for (String value : values) {
            Matcher port = PORT.matcher(value);
            if (!port.matches()) {
                throw wrong("port", value, "tcp/8000=8000");
            }
            requirePort(value, port.group(1));
            requirePort(value, port.group(2));
            int equals = value.indexOf('=');
            changed = MetadataValues.port(changed, value.substring(0, equals),
                    Integer.parseInt(value.substring(equals + 1)));
        }
        return changed;
    }

    private static void requirePort(String value, String digits) {
        int number = Integer.parseInt(digits);
        if (number < 1 || number > LAST_PORT) {
            throw new CliException(ExitCode.USAGE, "cannot set the metadata port to " + value,
                    digits + " is no port", "name ports from 1 to " + LAST_PORT);
        }
    }

    private static Flist volumes(Flist flist, List<String> values) {
        Flist changed = flist;
        for (String value : values) {
            String[] parts = value.split("=", 2);
            if (parts[0].isEmpty()) {
                throw wrong("volume", value, "/data or /data=HOST");
            }
            changed = MetadataValues.volume(changed, parts[0], parts.length == 2 ? parts[1] : "");
        }
        return changed;
    }

    private static Map<String, String> pairs(String key, List<String> values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String value : values) {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw wrong(key, value, "NAME=VALUE");
            }
            pairs.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return pairs;
    }

    private static String single(String key, List<String> values) {
        if (values.size() == 1) {
            return values.getFirst();
        }
        throw wrong(key, String.join(" ", values), "one value, quoted when it has spaces");
    }

    private static CliException wrong(String key, String value, String form) {
        return new CliException(ExitCode.USAGE, "cannot set the metadata " + key + " to " + value,
                "it has another form", "write " + form);
    }

    private CliException missing(String key) {
        return new CliException(ExitCode.FAILED, "cannot find the metadata " + key, "the flist has no such key",
                "zship flist metadata " + file);
    }
}
