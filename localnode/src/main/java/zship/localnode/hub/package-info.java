/** A small flist hub: upload, links, listing and download over HTTP. */
@NullMarked
package zship.localnode.hub;

import org.jspecify.annotations.NullMarked;
