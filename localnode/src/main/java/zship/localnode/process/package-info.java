/** Processes of this machine: starting, signalling, waiting for and looking at them. */
@NullMarked
package zship.localnode.process;

import org.jspecify.annotations.NullMarked;
