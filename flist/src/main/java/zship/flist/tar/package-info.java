/** Tar archives with names as bytes: a strict, bounded reader and a minimal ustar writer. */
@NullMarked
package zship.flist.tar;

import org.jspecify.annotations.NullMarked;
