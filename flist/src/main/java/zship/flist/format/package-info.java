/** The flist file: a gzip-compressed tar with one SQLite database of Cap'n Proto values. */
@NullMarked
package zship.flist.format;

import org.jspecify.annotations.NullMarked;
