/** A node in the test's own process: the node's queues and containers, and services behind its ports. */
@NullMarked
package zship.deployer.fake;

import org.jspecify.annotations.NullMarked;
