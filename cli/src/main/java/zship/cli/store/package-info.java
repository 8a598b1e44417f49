/** {@code zship store}: looks at chunk stores and moves chunks between them. */
@NullMarked
package zship.cli.store;

import org.jspecify.annotations.NullMarked;
