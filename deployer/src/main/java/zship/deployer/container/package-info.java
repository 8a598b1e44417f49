/** Containers on a Zero-OS node: what to create, what runs, and everything that can be done with one. */
@NullMarked
package zship.deployer.container;

import org.jspecify.annotations.NullMarked;
