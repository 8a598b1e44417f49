package zship.flist.mount;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import zship.flist.Directory;
import zship.flist.Entry;
import zship.flist.FileEntry;
import zship.flist.LinkEntry;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/** Takes the requests of one mount from the kernel, with a few threads, and answers them. */
final class FuseServer {
    private static final System.Logger LOG = System.getLogger(FuseServer.class.getName());
    private static final int THREADS = 3;
    private static final int REQUEST = 128 << 10;
    private static final int MAX_READ_PAGES = 256;
    private static final int MAX_BACKGROUND = 64;

    private final int descriptor;
    private final MountedTree tree;
    private final TreeAnswers treeAnswers;
    private final FileReads reads;
    private final Answers answers;
    private final List<Thread> threads = new ArrayList<>();

    FuseServer(int descriptor, MountedTree tree, TreeAnswers treeAnswers, PieceFetcher fetcher) {
        this.descriptor = descriptor;
        this.tree = tree;
        this.treeAnswers = treeAnswers;
        this.answers = new Answers(descriptor);
        this.reads = new FileReads(tree, fetcher, answers);
    }

    /** Begins to answer. */
    void start() {
        for (int i = 0; i < THREADS; i++) {
            threads.add(Thread.ofPlatform().daemon().name("fuse-" + i).start(this::serve));
        }
    }

    /** Waits until the mount has ended and nobody uses it any more. */
    void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void serve() {
        Arena arena = Arena.ofAuto();
        MemorySegment request = arena.allocate(REQUEST, 8);
        MemorySegment state = arena.allocate(Kernel.STATE);
        while (true) {
            int length = Kernel.read(descriptor, request, state);
            switch (-length) {
                // ENOENT: whoever asked has been killed before the request was taken.
                case Kernel.EINTR, Kernel.EAGAIN, Kernel.ENOENT -> Thread.onSpinWait();
                case Kernel.ENODEV -> {
                    return;
                }
                default -> {
                    if (length < Abi.IN_HEADER) {
                        LOG.log(System.Logger.Level.ERROR, "no more requests: {0}", Kernel.reason(-length));
                        return;
                    }
                    handleSafely(request, length);
                }
            }
        }
    }

    private void handleSafely(MemorySegment request, int length) {
        long unique = request.get(JAVA_LONG, Abi.IN_UNIQUE);
        try {
            handle(request, length, unique);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a request was not understood", e);
            answers.error(unique, Kernel.EIO);
        }
    }

    private void handle(MemorySegment request, int length, long unique) {
        int operation = request.get(JAVA_INT, Abi.IN_OPCODE);
        long node = request.get(JAVA_LONG, Abi.IN_NODE);
        switch (operation) {
            case Abi.FORGET, Abi.BATCH_FORGET -> LOG.log(System.Logger.Level.TRACE, "nothing to forget");
            case Abi.INIT -> init(request, unique);
            case Abi.STATFS -> answers.body(unique, treeAnswers.statistics(answers.body()));
            case Abi.DESTROY -> answers.parts(unique);
            // Answered so, the kernel stops asking: a read is never given up half way, since that would break programs.
            case Abi.INTERRUPT -> answers.error(unique, Kernel.ENOSYS);
            case Abi.IOCTL -> answers.error(unique, Kernel.ENOTTY);
            case Abi.SETATTR, Abi.SYMLINK, Abi.MKNOD, Abi.MKDIR, Abi.UNLINK, Abi.RMDIR, Abi.RENAME, Abi.LINK, Abi.WRITE,
                    Abi.SETXATTR, Abi.REMOVEXATTR, Abi.CREATE, Abi.RENAME2 ->
                answers.error(unique, Kernel.EROFS);
            default -> {
                if (tree.has(node)) {
                    handle(operation, node, request.asSlice(0, length), unique);
                } else {
                    answers.error(unique, Kernel.ENOENT);
                }
            }
        }
    }

    /** Everything not named here is answered with ENOSYS, after which the kernel does without: open, access, xattrs, locks. */
    private void handle(int operation, long node, MemorySegment request, long unique) {
        Entry entry = tree.entry(node);
        switch (operation) {
            case Abi.LOOKUP -> {
                MemorySegment out = answers.body();
                answers.body(unique, treeAnswers.entry(out, 0, tree.find(node, name(request))));
            }
            case Abi.GETATTR -> answers.body(unique, treeAnswers.attributes(answers.body(), node));
            case Abi.READLINK -> {
                if (entry instanceof LinkEntry link) {
                    answers.body(unique, TreeAnswers.target(answers.body(), link));
                } else {
                    answers.error(unique, Kernel.EINVAL);
                }
            }
            case Abi.READ -> {
                if (entry instanceof FileEntry) {
                    reads.read(unique, node, offset(request), size(request));
                } else {
                    answers.error(unique, Kernel.EINVAL);
                }
            }
            case Abi.READDIR, Abi.READDIRPLUS -> {
                if (entry instanceof Directory) {
                    int room = (int) Math.min(size(request), Answers.BODY);
                    answers.body(unique, treeAnswers.directory(answers.body(), node, offset(request), room,
                            operation == Abi.READDIRPLUS));
                } else {
                    answers.error(unique, Kernel.ENOTDIR);
                }
            }
            default -> answers.error(unique, Kernel.ENOSYS);
        }
    }

    private static long offset(MemorySegment request) {
        return request.get(JAVA_LONG, Abi.IN_HEADER + Abi.READ_OFFSET);
    }

    private static long size(MemorySegment request) {
        return Integer.toUnsignedLong(request.get(JAVA_INT, Abi.IN_HEADER + Abi.READ_SIZE));
    }

    /** The name in a request, which ends with a NUL. */
    private static byte[] name(MemorySegment request) {
        int length = (int) request.byteSize() - Abi.IN_HEADER - 1;
        return request.asSlice(Abi.IN_HEADER, Math.max(0, length)).toArray(JAVA_BYTE);
    }

    private void init(MemorySegment request, long unique) {
        int major = request.get(JAVA_INT, Abi.IN_HEADER);
        int minor = request.get(JAVA_INT, Abi.IN_HEADER + 4);
        if (major < Abi.MAJOR || major == Abi.MAJOR && minor < Abi.MINOR) {
            LOG.log(System.Logger.Level.ERROR, "the kernel speaks FUSE {0}.{1}, at least {2}.{3} is needed", major,
                    minor, Abi.MAJOR, Abi.MINOR);
            answers.error(unique, Kernel.EIO);
            return;
        }
        int offered = request.get(JAVA_INT, Abi.IN_HEADER + 12);
        int wanted = Abi.ASYNC_READ | Abi.DO_READDIRPLUS | Abi.READDIRPLUS_AUTO | Abi.NO_OPEN_SUPPORT
                | Abi.PARALLEL_DIROPS | Abi.MAX_PAGES | Abi.CACHE_SYMLINKS | Abi.NO_OPENDIR_SUPPORT;
        MemorySegment out = answers.body();
        out.asSlice(0, Abi.INIT_ANSWER).fill((byte) 0);
        out.set(JAVA_INT, 0, Abi.MAJOR);
        out.set(JAVA_INT, 4, Abi.MINOR);
        out.set(JAVA_INT, 8, MAX_READ_PAGES * 4096);
        out.set(JAVA_INT, 12, wanted & offered);
        out.set(JAVA_SHORT, 16, (short) MAX_BACKGROUND);
        out.set(JAVA_SHORT, 18, (short) (MAX_BACKGROUND * 3 / 4));
        out.set(JAVA_INT, 20, 4096);
        out.set(JAVA_INT, 24, 1);
        out.set(JAVA_SHORT, 28, (short) MAX_READ_PAGES);
        answers.body(unique, Abi.INIT_ANSWER);
    }
}
