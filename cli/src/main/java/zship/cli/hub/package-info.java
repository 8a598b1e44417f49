/** The commands that look at and change what is on a hub. */
@NullMarked
package zship.cli.hub;

import org.jspecify.annotations.NullMarked;
