/** The flist hub: publishing flists so that nodes can download them. */
@NullMarked
package zship.flist.hub;

import org.jspecify.annotations.NullMarked;
