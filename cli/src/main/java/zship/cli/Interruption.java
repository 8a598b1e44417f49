package zship.cli;

import java.util.function.Supplier;

import zship.cli.failure.ExitCode;
import zship.cli.failure.Failure;
import zship.cli.render.Output;

/** Says what is left when a signal, such as Ctrl-C, ends the program in the middle of a step. */
final class Interruption implements AutoCloseable {
    private final Output output;
    private final String step;
    private final Supplier<String> left;
    private final Thread hook = new Thread(this::tell, "interruption");
    private volatile boolean closed;

    private Interruption(Output output, String step, Supplier<String> left) {
        this.output = output;
        this.step = step;
        this.left = left;
    }

    /**
     * Watches a step until it is closed.
     *
     * @param output where to say it
     * @param step the step's name
     * @param left what an end now would leave
     */
    static Interruption during(Output output, String step, Supplier<String> left) {
        Interruption interruption = new Interruption(output, step, left);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void tell() {
        if (!closed) {
            output.failure(new Failure(ExitCode.INTERRUPTED, "interrupted during " + step, left.get(),
                    "run the same command again: it goes on from here"));
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending; the hook has seen, or will see, that the step is over.
            closed = true;
        }
    }
}
