package zship.cli;

import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.BuildConfig;

/** The options that choose among the ways to build a root. */
final class VariantOptions {
    @Option(names = "--profile", paramLabel = "NAME", description = "how to build it: for icecast slim (the default), full, "
            + "small or classic")
    private Optional<String> profile = Optional.empty();

    @Option(names = "--features", paramLabel = "NAMES", description = "what the service can do, instead of "
            + "the profile's own choice: for icecast curl, speex, theora, tls; none for nothing")
    private Optional<String> features = Optional.empty();

    @Option(names = "--sh", paramLabel = "NAME", description = "the shell in the root: none, dash or busybox")
    private Optional<String> shell = Optional.empty();

    @Option(names = "--ca-bundle", paramLabel = "FILE", description = "certificates to trust, in PEM format, instead of "
            + "Debian's; none for nothing")
    private Optional<String> caBundle = Optional.empty();

    BuildConfig config() {
        return new BuildConfig(profile, features, shell, caBundle, Map.of());
    }
}
