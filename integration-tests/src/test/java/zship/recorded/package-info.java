/** What a real hub and its own client said to each other, played again with zship on one side. */
@NullMarked
package zship.recorded;

import org.jspecify.annotations.NullMarked;
