/** Where things are fetched from: HTTP servers, and the package mirrors that the host is set up for. */
@NullMarked
package zship.builder.fetch;

import org.jspecify.annotations.NullMarked;
