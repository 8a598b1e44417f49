package zship.builder.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;

/** The date of a source release, which is that of its newest file. */
final class ReleaseDate {

    /**
     * What is written for a source whose files have no dates, as archives of Git trees made without them: the first day
     * that ZIP and FAT can hold, which tools that read the result take for a date, unlike 1970.
     */
    static final Instant UNDATED = Instant.parse("1980-01-01T00:00:00Z");

    private ReleaseDate() {
    }

    /** Tells whether the newest time in a source is no date of a release. */
    static boolean isNone(Instant newest) {
        return newest.isBefore(UNDATED);
    }

    /** Returns the date to be written for a source, from the newest time in it. */
    static Instant of(Instant newest) {
        return isNone(newest) ? UNDATED : newest;
    }

    /** Returns the time of the newest file in a folder; 1970 when it has none. */
    static Instant newest(Path folder) throws IOException {
        Instant newest = Instant.EPOCH;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS)).toList()) {
                Instant time = Files.getLastModifiedTime(file).toInstant();
                newest = time.isAfter(newest) ? time : newest;
            }
        }
        return newest;
    }
}
