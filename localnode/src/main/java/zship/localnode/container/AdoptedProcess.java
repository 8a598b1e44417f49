package zship.localnode.container;

import zship.localnode.process.Exit;
import zship.localnode.process.ProcessMark;
import zship.localnode.process.ProcessTable;
import zship.localnode.process.Signals;
import zship.localnode.process.Spawned;

/** A service that an earlier node process started. How it ended cannot be learned: it counts as ended by a signal. */
final class AdoptedProcess implements Spawned {

    private static final long STEP_MILLIS = 100;

    private final ProcessMark process;
    private final long visiblePid;

    AdoptedProcess(ProcessMark process) {
        this.process = process;
        this.visiblePid = ProcessTable.visiblePid(process.pid());
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public long visiblePid() {
        return visiblePid;
    }

    @Override
    public Exit await() throws InterruptedException {
        while (process.isAlive()) {
            Thread.sleep(STEP_MILLIS);
        }
        return new Exit(Signals.KILL, true);
    }

    @Override
    public void signal(int signal, boolean group) {
        if (process.isAlive() && (!group || !Signals.toGroup(process.pid(), signal))) {
            Signals.toProcess(process.pid(), signal);
        }
    }
}
