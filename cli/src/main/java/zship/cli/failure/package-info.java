/** What a user is shown when something fails: three lines and an exit code. */
@NullMarked
package zship.cli.failure;

import org.jspecify.annotations.NullMarked;
