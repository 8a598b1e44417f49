/** A chunk store that speaks the 0-db protocol and keeps one file per key. */
@NullMarked
package zship.localnode.store;

import org.jspecify.annotations.NullMarked;
