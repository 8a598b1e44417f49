/** A server for the Redis protocol, version 2, and the in-memory lists behind the node's queues. */
@NullMarked
package zship.localnode.resp;

import org.jspecify.annotations.NullMarked;
