/** Roots of containers as FUSE mounts, served by a process of their own that outlives the node. */
@NullMarked
package zship.localnode.mount;

import org.jspecify.annotations.NullMarked;
