/** The zship command: reads flags, runs the other modules, prints. */
@NullMarked
package zship.cli;

import org.jspecify.annotations.NullMarked;
