/** The build environment: Debian packages in a folder of their own, and a sandbox that runs programs in it. */
@NullMarked
package zship.builder.sandbox;

import org.jspecify.annotations.NullMarked;
