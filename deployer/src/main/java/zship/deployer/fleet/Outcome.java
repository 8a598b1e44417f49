package zship.deployer.fleet;

/**
 * How the work on one node ended.
 *
 * @param <R> what the work gives
 */
public sealed interface Outcome<R> {

    /**
     * It was done.
     *
     * @param result what it gave
     */
    record Done<R>(R result) implements Outcome<R> {
    }

    /**
     * It failed.
     *
     * @param fault why
     */
    record Failed<R>(RuntimeException fault) implements Outcome<R> {
    }

    /**
     * It was not begun, because another node had failed.
     *
     * @param because the node that had failed
     */
    record Skipped<R>(String because) implements Outcome<R> {
    }
}
