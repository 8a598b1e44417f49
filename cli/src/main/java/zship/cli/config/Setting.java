package zship.cli.config;

import java.util.Optional;
import java.util.function.Function;

/** A setting that is one text, with its default. */
public enum Setting {
    /** The container's name. */
    NAME("name", "ZSHIP_NAME", "icecast2", ProjectFile::name),
    /** A built-in recipe or a path to a recipe file. */
    RECIPE("recipe", "ZSHIP_RECIPE", "icecast", ProjectFile::recipe),
    /** The profile of the recipe; empty for its default. */
    PROFILE("profile", "ZSHIP_PROFILE", "", file -> file.build().profile()),
    /** What the service can do, with commas between; empty for what the profile chooses. */
    FEATURES("features", "ZSHIP_FEATURES", "", file -> file.build().features()),
    /** The shell in the root; empty for what the profile chooses. */
    SH("sh", "ZSHIP_SH", "", file -> file.build().shell()),
    /** Certificates that the root trusts; empty for Debian's. */
    CA_BUNDLE("ca_bundle", "ZSHIP_CA_BUNDLE", "", file -> file.build().caBundle()),
    /** {@code local} or the address of a node. */
    NODE("node", "ZSHIP_NODE", "local", ProjectFile::node),
    /** {@code local} or the URL of a hub. */
    HUB("hub", "ZSHIP_HUB", "local", ProjectFile::hub),
    /** {@code local} or the URL of a store. */
    STORE("store", "ZSHIP_STORE", "local", ProjectFile::store),
    /** The path that must answer 200; empty for the recipe's own. */
    HEALTH_PATH("health.path", "ZSHIP_HEALTH_PATH", "", ProjectFile::healthPath),
    /** How long the service may take to become healthy. */
    HEALTH_TIMEOUT("health.timeout", "ZSHIP_HEALTH_TIMEOUT", "30s", ProjectFile::healthTimeout);

    private final String key;
    private final String variable;
    private final String otherwise;
    private final Function<ProjectFile, Optional<String>> reader;

    Setting(String key, String variable, String otherwise, Function<ProjectFile, Optional<String>> reader) {
        this.key = key;
        this.variable = variable;
        this.otherwise = otherwise;
        this.reader = reader;
    }

    /** Its key in a project file. */
    public String key() {
        return key;
    }

    /** The option of the command line that sets it. */
    public String option() {
        return "--" + key.replace('.', '-').replace('_', '-');
    }

    /** The variable of the process environment that sets it. */
    public String variable() {
        return variable;
    }

    /** What holds when it is set nowhere. */
    public String otherwise() {
        return otherwise;
    }

    Optional<String> in(ProjectFile file) {
        return reader.apply(file);
    }
}
