/** Commands about a node as a whole: what it is, whether it answers, what runs on it. */
@NullMarked
package zship.cli.node;

import org.jspecify.annotations.NullMarked;
