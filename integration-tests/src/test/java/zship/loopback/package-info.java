/** What tests need of the loopback interface. */
@NullMarked
package zship.loopback;

import org.jspecify.annotations.NullMarked;
