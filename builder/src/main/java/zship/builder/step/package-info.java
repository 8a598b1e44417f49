/** The tutorial's nine steps from a recipe to a root and its archive, each cached by the digest of its inputs. */
@NullMarked
package zship.builder.step;

import org.jspecify.annotations.NullMarked;
