package zship.localnode.mount;

/** How the files of a container come to this machine. */
public enum RootMode {
    /** Each when it is first read. */
    LAZY,
    /** Each when it is first read, and the others meanwhile in the background. */
    PREFETCH,
    /** All before the container starts. */
    FULL
}
