package zship.builder.root;

import java.nio.file.Path;

/** One entry of a root; paths are relative to the root, without a leading slash. */
public sealed interface RootEntry {

    /** Returns the path. */
    String path();

    /** Returns the owner. */
    Owner owner();

    /** Returns the permission bits, set-uid, set-gid and sticky bit included. */
    int mode();

    /** A directory. */
    record Directory(String path, Owner owner, int mode) implements RootEntry {
    }

    /** A regular file with the content of {@code content}, which has {@code size} bytes. */
    record File(String path, Owner owner, int mode, Path content, long size) implements RootEntry {
    }

    /** A symbolic link. */
    record Link(String path, Owner owner, String target) implements RootEntry {

        @Override
        public int mode() {
            return 0777;
        }
    }
}
