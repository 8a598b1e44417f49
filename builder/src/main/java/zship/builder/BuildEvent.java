package zship.builder;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Something that happened during a build. The records hold facts only; rendering them is the listener's business. */
public sealed interface BuildEvent {

    /** A step begins to work; a step whose result is kept from before only finishes. */
    record StepStarted(String step, String detail) implements BuildEvent {
    }

    /** A step is done; {@code cached} when its inputs were unchanged and nothing had to be done. */
    record StepFinished(String step, String detail, Duration took, boolean cached) implements BuildEvent {
    }

    /** A component was built from source, which later builds use as it is. */
    record ComponentBuilt(String name, String version, Duration took) implements BuildEvent {
    }

    /** Debian packages were installed on this machine because the build needs them. */
    record PackagesInstalled(List<String> names) implements BuildEvent {

        /** Creates the event with its own copy of the names. */
        public PackagesInstalled {
            names = List.copyOf(names);
        }
    }

    /** A source was fetched from {@code url} and has the expected digest. */
    record Fetched(String url, long bytes) implements BuildEvent {
    }

    /** A place did not give the source; the next one is tried. */
    record SourceUnavailable(String url, String reason) implements BuildEvent {
    }

    /** The files of a source archive have no dates; what is made of it gets {@code date} instead of the release's. */
    record SourceUndated(String archive, Instant date) implements BuildEvent {
    }

    /** Another build holds the cache; this one waits for it. The process id is 0 when it is not known. */
    record WaitingForLock(Path lock, long holder) implements BuildEvent {
    }

    /** The closure of shared libraries was computed: {@code libraries} file names that go into the root. */
    record LibrariesFound(List<String> libraries) implements BuildEvent {

        /** Creates the event with its own copy of the names. */
        public LibrariesFound {
            libraries = List.copyOf(libraries);
        }
    }

    /**
     * The services of the finished root were started; they answered after {@code took}, took the values of
     * {@code secrets}, which name variables, and no other, and ended when told to.
     */
    record RootTested(int port, String path, Duration took, List<String> secrets) implements BuildEvent {

        /** Creates the event with its own copy of the names. */
        public RootTested {
            secrets = List.copyOf(secrets);
        }
    }
}
