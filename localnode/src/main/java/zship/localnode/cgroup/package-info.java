/** Control groups that clients make on the node and put containers into. */
@NullMarked
package zship.localnode.cgroup;

import org.jspecify.annotations.NullMarked;
