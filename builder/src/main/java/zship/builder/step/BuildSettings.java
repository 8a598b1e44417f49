package zship.builder.step;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a build is run.
 *
 * @param cacheDirectory folder for downloads and for the results of steps; made when missing
 * @param source the source archive on this machine, used instead of a download
 * @param from the step to begin with, even when its inputs are unchanged; the steps before it must be done
 * @param until the last step to do
 * @param clean forgets the results of earlier builds of the recipe first; downloads, build roots and components stay
 * @param host compiles with what is installed on this machine instead of in a build root
 * @param caBundle file of certificates that the root trusts instead of Debian's, or {@code none}
 * @param environment environment of the calling process; only proxy settings and SOURCE_DATE_EPOCH are read from it,
 *            nothing else reaches a compiler
 * @param test starts the finished root and waits until it serves, before it is archived
 */
public record BuildSettings(Path cacheDirectory, Optional<Path> source, Optional<String> from, Optional<String> until,
        boolean clean, boolean host, Optional<String> caBundle, Map<String, String> environment,
        boolean test) {

    /** Stands for no certificates at all. */
    public static final String NO_CA_BUNDLE = "none";

    /** Creates settings with an absolute cache directory and their own copy of the environment. */
    public BuildSettings {
        cacheDirectory = cacheDirectory.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
    }

    /** Returns settings for a whole build that keeps its results in {@code cacheDirectory}. */
    public static BuildSettings of(Path cacheDirectory) {
        return new BuildSettings(cacheDirectory, Optional.empty(), Optional.empty(), Optional.empty(), false, false,
                Optional.empty(), Map.of(), false);
    }

    /** Returns these settings with a source archive on this machine. */
    public BuildSettings withSource(Path file) {
        return new BuildSettings(cacheDirectory, Optional.of(file), from, until, clean, host, caBundle, environment,
                test);
    }

    /** Returns these settings with the step to begin with. */
    public BuildSettings withFrom(String step) {
        return new BuildSettings(cacheDirectory, source, Optional.of(step), until, clean, host, caBundle, environment,
                test);
    }

    /** Returns these settings with the last step to do. */
    public BuildSettings withUntil(String step) {
        return new BuildSettings(cacheDirectory, source, from, Optional.of(step), clean, host, caBundle, environment,
                test);
    }

    /** Returns these settings, forgetting earlier results or not. */
    public BuildSettings withClean(boolean forget) {
        return new BuildSettings(cacheDirectory, source, from, until, forget, host, caBundle, environment,
                test);
    }

    /** Returns these settings, compiling on this machine itself or not. */
    public BuildSettings withHost(boolean use) {
        return new BuildSettings(cacheDirectory, source, from, until, clean, use, caBundle, environment,
                test);
    }

    /** Returns these settings with a file of certificates, or {@link #NO_CA_BUNDLE}. */
    public BuildSettings withCaBundle(String file) {
        return new BuildSettings(cacheDirectory, source, from, until, clean, host, Optional.of(file), environment,
                test);
    }

    /** Returns these settings with the environment of the calling process. */
    public BuildSettings withEnvironment(Map<String, String> variables) {
        return new BuildSettings(cacheDirectory, source, from, until, clean, host, caBundle, variables,
                test);
    }

    /** Returns these settings, trying the finished root or not. */
    public BuildSettings withTest(boolean tried) {
        return new BuildSettings(cacheDirectory, source, from, until, clean, host, caBundle, environment, tried);
    }
}
