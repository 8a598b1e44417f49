/** Where chunks are kept: 0-db, Redis or a directory, behind one address grammar. */
@NullMarked
package zship.flist.store;

import org.jspecify.annotations.NullMarked;
