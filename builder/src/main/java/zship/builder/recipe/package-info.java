/** What to build, as data: sources, packages, files, users, services and health of one root. */
@NullMarked
package zship.builder.recipe;

import org.jspecify.annotations.NullMarked;
