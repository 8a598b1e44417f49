/** From a root tree or its archive to an flist and the chunks in a store. */
@NullMarked
package zship.flist.pack;

import org.jspecify.annotations.NullMarked;
