package zship.cli.session;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;

/** The standard output of this process. Unlike other print streams it knows why something could not be written. */
public final class ResultStream extends PrintStream {
    private static final int BUFFER = 8 << 10;

    private final Target target;

    /** Writes to a file or pipe, and keeps the first reason why that failed. */
    private static final class Target extends OutputStream {
        private final OutputStream stream;
        private final AtomicReference<IOException> fault = new AtomicReference<>();

        Target(OutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                fault.compareAndSet(null, e);
                throw e;
            }
        }
    }

    private ResultStream(Target target) {
        super(new BufferedOutputStream(target, BUFFER), false, System.out.charset());
        this.target = target;
    }

    /** Takes the place of {@link System#out}. */
    public static void install() {
        System.setOut(new ResultStream(new Target(new FileOutputStream(FileDescriptor.out))));
    }

    /**
     * Writes what is still to be written.
     *
     * @throws IOException when that or something before could not be written, unless it is because nobody reads on
     */
    public void finish() throws IOException {
        boolean failed = checkError();
        IOException fault = target.fault.get();
        if (failed && fault != null && !String.valueOf(fault.getMessage()).equals("Broken pipe")) {
            throw fault;
        }
    }
}
