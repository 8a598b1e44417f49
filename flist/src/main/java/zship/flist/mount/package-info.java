/** An flist as a file system: mounted read-only by FUSE, its chunks fetched, verified and cached when they are first read. */
@NullMarked
package zship.flist.mount;

import org.jspecify.annotations.NullMarked;
