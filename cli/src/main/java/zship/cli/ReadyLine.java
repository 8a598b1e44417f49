package zship.cli;

import java.time.InstantSource;

import zship.cli.failure.Failure;
import zship.cli.render.Output;
import zship.cli.render.Progress;
import zship.cli.session.Session;

/** The one line a background node prints for the process that started it. */
final class ReadyLine {
    private final Session session;

    ReadyLine(Session session) {
        this.session = session;
    }

    /** Says that the node serves, then lets go of the standard output. */
    static void ready() {
        System.out.println("ready");
        System.out.close();
    }

    /** Says why it does not, as a JSON error. */
    int failed(RuntimeException exception) {
        Failure failure = Failures.of(exception, session.folders());
        new Output(System.out, System.err, Progress.JSON, InstantSource.system()).failure(failure);
        return failure.code();
    }
}
