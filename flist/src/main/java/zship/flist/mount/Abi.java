package zship.flist.mount;

/**
 * Numbers of the protocol between the Linux kernel and a FUSE server, version 7, as {@code linux/fuse.h} defines them: operation
 * codes, places of fields in requests and answers, flags. All numbers are in the byte order of the machine.
 */
final class Abi {
    static final int LOOKUP = 1;
    static final int FORGET = 2;
    static final int GETATTR = 3;
    static final int SETATTR = 4;
    static final int READLINK = 5;
    static final int SYMLINK = 6;
    static final int MKNOD = 8;
    static final int MKDIR = 9;
    static final int UNLINK = 10;
    static final int RMDIR = 11;
    static final int RENAME = 12;
    static final int LINK = 13;
    static final int READ = 15;
    static final int WRITE = 16;
    static final int STATFS = 17;
    static final int SETXATTR = 21;
    static final int REMOVEXATTR = 24;
    static final int INIT = 26;
    static final int READDIR = 28;
    static final int CREATE = 35;
    static final int INTERRUPT = 36;
    static final int DESTROY = 38;
    static final int IOCTL = 39;
    static final int BATCH_FORGET = 42;
    static final int READDIRPLUS = 44;
    static final int RENAME2 = 45;

    /** Header of a request: length, operation code, number of the request, number of the node, who asks. */
    static final int IN_HEADER = 40;
    static final int IN_OPCODE = 4;
    static final int IN_UNIQUE = 8;
    static final int IN_NODE = 16;

    /** Header of an answer: length, negative error, number of the request. */
    static final int OUT_HEADER = 16;
    static final int OUT_ERROR = 4;
    static final int OUT_UNIQUE = 8;

    /** Body of READ, READDIR and READDIRPLUS: handle, offset, size. */
    static final int READ_OFFSET = 8;
    static final int READ_SIZE = 16;

    static final int ATTRIBUTES = 88;
    static final int ENTRY = 40 + ATTRIBUTES;
    static final int ATTRIBUTES_ANSWER = 16 + ATTRIBUTES;
    static final int STATFS_ANSWER = 80;
    static final int INIT_ANSWER = 64;
    static final int DIRENT = 24;

    static final int MAJOR = 7;
    /** From 7.31 on; the kernels of today speak at least that and adapt to a server that knows less. */
    static final int MINOR = 31;

    static final int ASYNC_READ = 1;
    static final int DO_READDIRPLUS = 1 << 13;
    static final int READDIRPLUS_AUTO = 1 << 14;
    static final int NO_OPEN_SUPPORT = 1 << 17;
    static final int PARALLEL_DIROPS = 1 << 18;
    static final int MAX_PAGES = 1 << 22;
    static final int CACHE_SYMLINKS = 1 << 23;
    static final int NO_OPENDIR_SUPPORT = 1 << 24;

    private Abi() {
    }
}
