/** What every command works with: the folders, the environment, the output and the options that all commands share. */
@NullMarked
package zship.cli.session;

import org.jspecify.annotations.NullMarked;
