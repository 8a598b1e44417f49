/** The other sides a command talks to: the node, the store and the hub, the local ones included. */
@NullMarked
package zship.cli.peer;

import org.jspecify.annotations.NullMarked;
