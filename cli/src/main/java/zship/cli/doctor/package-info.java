/** Looks at everything that {@code up} needs, and says how to get what is missing. */
@NullMarked
package zship.cli.doctor;

import org.jspecify.annotations.NullMarked;
