/** From an flist and a store back to files, every chunk verified. */
@NullMarked
package zship.flist.unpack;

import org.jspecify.annotations.NullMarked;
