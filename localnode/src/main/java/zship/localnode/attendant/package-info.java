/** The process that serves the containers of one node while the node's own process comes and goes. */
@NullMarked
package zship.localnode.attendant;

import org.jspecify.annotations.NullMarked;
