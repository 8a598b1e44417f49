/** Places that a source archive is fetched from: an HTTP server, or a Debian mirror. */
@NullMarked
package zship.builder.fetch;

import org.jspecify.annotations.NullMarked;
