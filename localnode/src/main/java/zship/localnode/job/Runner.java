package zship.localnode.job;

/** One way to run a command. */
@FunctionalInterface
interface Runner {

    /** Runs it once. Interruption means that the node stops looking; it does not end a process. */
    Outcome run(Job job) throws InterruptedException;
}
