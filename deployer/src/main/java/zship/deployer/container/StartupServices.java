package zship.deployer.container;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.deployer.node.CommandRunner;
import zship.deployer.node.Filesystem;
import zship.deployer.node.NodeException;

/** The start-up services of a container, as its {@code /.startup.toml} names them. */
public final class StartupServices {

    private static final String FILE = "/.startup.toml";
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Pattern TABLE = Pattern
            .compile("^\\s*\\[startup\\.(?:\"([^\"\\]]+)\"|([A-Za-z0-9_-]+))]\\s*(?:#.*)?$", Pattern.MULTILINE);

    private final CommandRunner inside;

    /** The services of the container whose inside this is. */
    public StartupServices(CommandRunner inside) {
        this.inside = inside;
    }

    /** Their names, which are the ids of their jobs; empty when the container has no readable start-up file. */
    public List<String> names() {
        try {
            return parse(new String(new Filesystem(inside).read(FILE, MAX_BYTES), StandardCharsets.UTF_8));
        } catch (NodeException e) {
            if (e.result().isPresent()) {
                return List.of();
            }
            throw e;
        }
    }

    static List<String> parse(String toml) {
        List<String> names = new ArrayList<>();
        Matcher table = TABLE.matcher(toml);
        while (table.find()) {
            names.add(table.group(1) == null ? table.group(2) : table.group(1));
        }
        return names;
    }
}
