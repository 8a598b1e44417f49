/** A root tree as a manifest of owners and modes that does not depend on the build host. */
@NullMarked
package zship.builder.root;

import org.jspecify.annotations.NullMarked;
