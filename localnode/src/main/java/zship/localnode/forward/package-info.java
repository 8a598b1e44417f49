/** Forwards ports of this machine into the network namespaces of containers. */
@NullMarked
package zship.localnode.forward;

import org.jspecify.annotations.NullMarked;
