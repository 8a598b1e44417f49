/** The local file system with names as bytes, and the few things Java cannot ask of it. */
@NullMarked
package zship.flist.disk;

import org.jspecify.annotations.NullMarked;
