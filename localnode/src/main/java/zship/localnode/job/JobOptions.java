package zship.localnode.job;

import java.nio.file.Path;
import java.util.Optional;

import zship.localnode.process.Spawned;

/**
 * What start-up services have and commands have not.
 *
 * @param keepAlive whether the job is run again after every end, with growing pauses
 * @param log       file name, without ending, of the output that is kept; empty for output that is not
 * @param listener  is told what happens
 * @param adopted   a process that is already running and counts as the first run
 */
public record JobOptions(boolean keepAlive, Optional<Path> log, JobListener listener, Optional<Spawned> adopted) {

    /** A command: one run, no log. */
    public static final JobOptions COMMAND = new JobOptions(false, Optional.empty(), JobListener.NONE,
            Optional.empty());
}
