/** Roots of containers as FUSE mounts, and how they come to this machine. */
@NullMarked
package zship.localnode.mount;

import org.jspecify.annotations.NullMarked;
