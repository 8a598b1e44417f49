package zship.localnode.job;

import zship.localnode.process.Spawned;

/** Who wants to know what happens to a job. Calls come from the job's own thread. */
public interface JobListener {

    /** Does not want to know. */
    JobListener NONE = new JobListener() {
    };

    /** A process of the job was started. */
    default void started(Spawned process) {
    }

    /** The job said something. */
    default void said(Message message) {
    }

    /** One run ended; another may follow. */
    default void ranTo(Outcome outcome) {
    }

    /** The job is over; called before its result is posted. */
    default void ended(JobResult result) {
    }
}
