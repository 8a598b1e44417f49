package zship.cli;

import java.util.List;
import java.util.Locale;

import picocli.CommandLine.Option;

import zship.localnode.mount.RootMode;

/** How the files of the local node's containers come to this machine. */
final class RootOptions {
    @Option(names = "--roots", paramLabel = "lazy|prefetch|full", defaultValue = "lazy", description = "when files of containers are fetched: each when it is first read (lazy), the others meanwhile in the background too (prefetch), or all before the start (full); default: ${DEFAULT-VALUE}")
    private RootMode mode = RootMode.LAZY;

    RootMode mode() {
        return mode;
    }

    /** The same as arguments of another command. */
    List<String> arguments() {
        return mode == RootMode.LAZY ? List.of() : List.of("--roots", mode.name().toLowerCase(Locale.ROOT));
    }
}
