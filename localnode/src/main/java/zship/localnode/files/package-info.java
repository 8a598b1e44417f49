/** Files of the node and of its containers, reached so that no path leads out of the container. */
@NullMarked
package zship.localnode.files;

import org.jspecify.annotations.NullMarked;
