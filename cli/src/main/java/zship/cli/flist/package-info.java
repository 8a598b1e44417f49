/** {@code zship flist} and {@code zship zflist}: looks at flist files and changes them in place. */
@NullMarked
package zship.cli.flist;

import org.jspecify.annotations.NullMarked;
