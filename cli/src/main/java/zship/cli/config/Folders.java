package zship.cli.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * The folders zship keeps things in, by the XDG Base Directory Specification.
 *
 * @param state what must survive: node, store, secrets, history ({@code $XDG_STATE_HOME/zship})
 * @param cache what can be made again: downloads and builds ({@code $XDG_CACHE_HOME/zship})
 * @param config the user's own settings ({@code $XDG_CONFIG_HOME/zship})
 */
public record Folders(Path state, Path cache, Path config) {

    /**
     * Reads the folders from the process environment. Relative values are ignored, as the specification asks.
     *
     * @param environment the process environment
     * @return the folders; they need not exist
     */
    public static Folders of(Map<String, String> environment) {
        Path home = Path.of(environment.getOrDefault("HOME", "/root"));
        return new Folders(folder(environment, "XDG_STATE_HOME", home.resolve(".local/state")),
                folder(environment, "XDG_CACHE_HOME", home.resolve(".cache")),
                folder(environment, "XDG_CONFIG_HOME", home.resolve(".config")));
    }

    private static Path folder(Map<String, String> environment, String name, Path otherwise) {
        String value = environment.getOrDefault(name, "");
        return (value.startsWith("/") ? Path.of(value) : otherwise).resolve("zship");
    }
}
