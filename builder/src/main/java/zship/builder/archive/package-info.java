/** Archives: safe extraction of a source archive and a reproducible tar.gz of a root. */
@NullMarked
package zship.builder.archive;

import org.jspecify.annotations.NullMarked;
