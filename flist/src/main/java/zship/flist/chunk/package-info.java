/** Pieces of file contents as they lie in a store: hashed, compressed, encrypted, addressed by content. */
@NullMarked
package zship.flist.chunk;

import org.jspecify.annotations.NullMarked;
