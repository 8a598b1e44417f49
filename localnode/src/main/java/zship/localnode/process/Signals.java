package zship.localnode.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The C library's {@code kill(2)}: the JDK can send neither other signals than TERM and KILL nor one to a group. */
public final class Signals {

    /** SIGKILL. */
    public static final int KILL = 9;
    /** SIGTERM. */
    public static final int TERM = 15;

    private static final MethodHandle KILL_2 = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Signals() {
    }

    /** Sends a signal to one process; false when it is gone or not ours. */
    public static boolean toProcess(long pid, int signal) {
        return pid > 1 && kill((int) pid, signal);
    }

    /** Sends a signal to a process group; false when it is gone or not ours. */
    public static boolean toGroup(long leader, int signal) {
        return leader > 1 && kill((int) -leader, signal);
    }

    private static boolean kill(int target, int signal) {
        try {
            return (int) KILL_2.invokeExact(target, signal) == 0;
        } catch (RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException("kill(2) cannot be called", never);
        }
    }
}
