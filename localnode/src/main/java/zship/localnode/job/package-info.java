/** Commands, jobs and results of a Zero-OS node: queue, flags, results, streams and the general commands. */
@NullMarked
package zship.localnode.job;

import org.jspecify.annotations.NullMarked;
