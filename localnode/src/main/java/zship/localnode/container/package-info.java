/** Containers of the node: roots out of flists, isolation by runc, network by slirp4netns, start-up services. */
@NullMarked
package zship.localnode.container;

import org.jspecify.annotations.NullMarked;
