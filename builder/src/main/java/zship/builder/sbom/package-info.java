/** The bill of materials of a root: what went into it, in which version and under which licence. */
@NullMarked
package zship.builder.sbom;

import org.jspecify.annotations.NullMarked;
