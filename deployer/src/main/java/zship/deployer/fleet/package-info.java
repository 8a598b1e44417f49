/** The same work on several nodes: one first, then the others in parallel, and no further one after a failure. */
@NullMarked
package zship.deployer.fleet;

import org.jspecify.annotations.NullMarked;
