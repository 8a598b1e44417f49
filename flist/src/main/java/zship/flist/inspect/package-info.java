/** Questions to flists: what differs, what fills them, whether every chunk is there and sound. */
@NullMarked
package zship.flist.inspect;

import org.jspecify.annotations.NullMarked;
