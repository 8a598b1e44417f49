package zship.cli;

import java.util.function.Supplier;

import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.cli.render.Output;

/**
 * Says what is left when a signal, such as Ctrl-C, ends the program in the middle of a step. That is then the last thing
 * said: on a terminal Ctrl-C ends the programs of the step too, and what the step thinks of that is of no interest.
 */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    private Interruption(Runnable told) {
        this.hook = new Thread(told, "interruption");
    }

    /**
     * Watches a step until it is closed.
     *
     * @param output where to say it
     * @param step the step's name
     * @param left what an end now would leave
     */
    static Interruption during(Output output, String step, Supplier<String> left) {
        Interruption interruption = new Interruption(
                () -> output.failure(new Failure(ExitCode.INTERRUPTED, "interrupted during " + step, left.get(),
                        "run the same command again: it goes on from here")));
        try {
            Runtime.getRuntime().addShutdownHook(interruption.hook);
        } catch (IllegalStateException ending) {
            awaitEnd();
        }
        return interruption;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            awaitEnd();
        }
    }

    /** The program is ending because of the signal: this thread is not to do or say anything more. */
    private static void awaitEnd() {
        Runtime.getRuntime().exit(ExitCode.INTERRUPTED);
    }
}
