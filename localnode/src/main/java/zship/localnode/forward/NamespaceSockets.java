package zship.localnode.forward;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import zship.localnode.process.ProcessMark;

/**
 * Sockets in the network namespaces of other processes. A socket stays in the namespace that the thread which made it was in, and
 * any thread may use it. So a thread of the system is started for each, which enters the namespace ({@code setns(2)}) and ends: it
 * cannot come back where the node is that of a user without root, whose user namespace does not own the machine's network.
 */
public final class NamespaceSockets implements SocketSource {

    private static final int O_CLOEXEC = 02000000;
    private static final int CLONE_NEWNET = 0x40000000;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPEN = handle("open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle SETNS = handle("setns",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE = handle("close",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofPlatform().daemon().name("network namespace").factory());

    private interface Opener<T> {
        T open() throws IOException;
    }

    @Override
    public SocketChannel open(ProcessMark process) throws IOException {
        return open(process, () -> SocketChannel.open(StandardProtocolFamily.INET));
    }

    @Override
    public DatagramChannel openForDatagrams(ProcessMark process) throws IOException {
        return open(process, () -> DatagramChannel.open(StandardProtocolFamily.INET));
    }

    private <T> T open(ProcessMark process, Opener<T> opener) throws IOException {
        try {
            return threads.submit(() -> inside(process, opener)).get();
        } catch (ExecutionException failed) {
            throw new IOException("no socket there: " + failed.getCause(), failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static <T> T inside(ProcessMark process, Opener<T> opener) throws IOException {
        enter(Path.of("/proc", Long.toString(process.pid()), "ns", "net"));
        // After its number was used: it cannot have been that of another process then.
        if (!process.isAlive()) {
            throw new IOException("process " + process.pid() + " has ended");
        }
        return opener.open();
    }

    private static void enter(Path namespace) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(namespace.toString()), O_CLOEXEC);
            int entered = descriptor < 0 ? -1 : (int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET);
            int error = entered < 0 ? (int) ERRNO.get(state, 0L) : 0;
            int closed = descriptor < 0 ? -1 : (int) CLOSE.invokeExact(state, descriptor);
            if (entered < 0 || closed < 0) {
                throw new IOException(namespace + " cannot be entered: error " + error);
            }
        } catch (IOException | RuntimeException | Error known) {
            throw known;
        } catch (Throwable never) {
            throw new IllegalStateException("setns(2) cannot be called", never);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor,
                Linker.Option.captureCallState("errno"));
    }
}
