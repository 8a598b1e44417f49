/** An embedded Zero-OS node with its chunk store and flist hub. */
@NullMarked
package zship.localnode;

import org.jspecify.annotations.NullMarked;
