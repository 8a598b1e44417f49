/** The only place that prints: steps, results and errors for a terminal, a pipe or a program. */
@NullMarked
package zship.cli.render;

import org.jspecify.annotations.NullMarked;
