package zship.builder.step;

import java.io.IOException;

/** One step of a build. */
interface Step {

    /** Returns the name that people know it by. */
    String name();

    /**
     * Does the step unless its result is there already.
     *
     * @param build the build it is part of
     * @param force does it even when the result is there
     * @throws IOException when a file cannot be read or written
     */
    Outcome perform(StepContext build, boolean force) throws IOException;

    /** What a step came to: a line for people, and whether the result was there already. */
    record Outcome(String detail, boolean cached) {
    }
}
