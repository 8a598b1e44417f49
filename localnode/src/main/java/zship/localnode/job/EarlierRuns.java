package zship.localnode.job;

import java.util.Optional;

import zship.localnode.process.Spawned;

/**
 * What an earlier node process left of a job.
 *
 * @param runs    how many of its runs have ended
 * @param process that of the run that was going on; empty when none was
 * @param last    how the last run ended, when the job was between two runs
 * @param endedAt when that was, milliseconds since 1970
 */
public record EarlierRuns(long runs, Optional<Spawned> process, Optional<Outcome> last, long endedAt) {

    /** Nothing: the job is new. */
    public static final EarlierRuns NONE = new EarlierRuns(0, Optional.empty(), Optional.empty(), 0);

    /** How much of the pause after the last run is over; 0 for a clock that was put back. */
    long pausedFor(long now) {
        return last.isPresent() ? Math.max(0, now - endedAt) : 0;
    }
}
