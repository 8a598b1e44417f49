/** Runs the build's programs with a clean environment and a log. */
@NullMarked
package zship.builder.tool;

import org.jspecify.annotations.NullMarked;
