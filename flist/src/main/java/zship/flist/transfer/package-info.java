/** Moving chunks from one store to another. */
@NullMarked
package zship.flist.transfer;

import org.jspecify.annotations.NullMarked;
