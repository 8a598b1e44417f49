/** Deployments on a node that really runs containers. */
@NullMarked
package zship.deployer;

import org.jspecify.annotations.NullMarked;
