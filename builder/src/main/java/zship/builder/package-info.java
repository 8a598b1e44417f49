/** From a recipe to a root tree and its archive. */
@NullMarked
package zship.builder;

import org.jspecify.annotations.NullMarked;
