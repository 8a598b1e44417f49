package zship.cli.hub;

import java.util.concurrent.atomic.AtomicLong;

import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.flist.hub.HubProgress;

/** Shows how far a transfer is, at most once for every hundredth of it. */
public final class TransferLine {
    private static final int PARTS = 100;

    private TransferLine() {
    }

    /** The progress of a transfer in the line of a step. */
    public static HubProgress of(Output.Step step) {
        AtomicLong shown = new AtomicLong(-1);
        return (bytes, total) -> {
            long part = total > 0 ? bytes * PARTS / total : bytes >> 20;
            if (shown.getAndSet(part) != part) {
                step.doing(total > 0 ? Sizes.bytes(bytes) + " of " + Sizes.bytes(total) : Sizes.bytes(bytes));
            }
        };
    }
}
