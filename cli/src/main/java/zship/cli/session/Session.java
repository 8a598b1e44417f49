package zship.cli.session;

import java.io.InputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import zship.cli.config.Folders;
import zship.cli.config.SecretStore;
import zship.cli.render.Output;
import zship.flist.store.StorePatience;

/**
 * What a command works with.
 *
 * @param folders where state, cache and configuration are
 * @param environment the process environment
 * @param input the standard input
 * @param output where to print
 * @param timeout how long to wait for the other side
 * @param patience how long to wait for a store
 */
public record Session(Folders folders, Map<String, String> environment, InputStream input, Output output,
        Duration timeout, StorePatience patience) {

    /** The same session with another patience. */
    public Session withTimeout(Duration wait) {
        return new Session(folders, environment, input, output, wait, StorePatience.of(wait));
    }

    /** How long to wait for whoever has a patience of its own, if the user says so. */
    public Optional<Duration> wantedPatience() {
        return patience.equals(StorePatience.USUAL) ? Optional.empty() : Optional.of(patience.answer());
    }

    /** The same session that prints elsewhere, or in another form. */
    public Session withOutput(Output other) {
        return new Session(folders, environment, input, other, timeout, patience);
    }

    /** The version of this zship. */
    public static String version() {
        return Optional.ofNullable(Session.class.getPackage().getImplementationVersion()).orElse("(development)");
    }

    /** The secrets kept for an app. */
    public SecretStore secrets(String app) {
        return new SecretStore(folders.state(), app, new SecureRandom());
    }

    /** A path as people read it, with {@code ~} for the home folder. */
    public String shown(Path path) {
        String home = environment.getOrDefault("HOME", "");
        String text = path.toString();
        return !home.isEmpty() && text.startsWith(home + "/") ? "~" + text.substring(home.length()) : text;
    }

    /** The local node's state folder. */
    public Path nodeState() {
        return folders.state();
    }
}
