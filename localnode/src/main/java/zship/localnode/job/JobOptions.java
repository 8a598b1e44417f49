package zship.localnode.job;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What start-up services have and commands have not.
 *
 * @param keepAlive whether the job is run again after every end, with growing pauses
 * @param log       file name, without ending, of the output that is kept; empty for output that is not
 * @param listener  is told what happens
 * @param earlier   the runs that it goes on from
 */
public record JobOptions(boolean keepAlive, Optional<Path> log, JobListener listener, EarlierRuns earlier) {

    /** A command: one run, no log. */
    public static final JobOptions COMMAND = new JobOptions(false, Optional.empty(), JobListener.NONE,
            EarlierRuns.NONE);
}
