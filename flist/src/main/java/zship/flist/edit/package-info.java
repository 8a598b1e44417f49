/** Changing an flist directly: entries, permissions, metadata, merging; each change replaces the file in one step. */
@NullMarked
package zship.flist.edit;

import org.jspecify.annotations.NullMarked;
