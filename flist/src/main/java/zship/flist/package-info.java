/** The flist model: directories, entries and permissions of a packed root file system. */
@NullMarked
package zship.flist;

import org.jspecify.annotations.NullMarked;
