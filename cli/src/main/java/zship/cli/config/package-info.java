/** Where settings come from: flags, the environment, {@code zship.toml}, the user's file, and the folders zship uses. */
@NullMarked
package zship.cli.config;

import org.jspecify.annotations.NullMarked;
