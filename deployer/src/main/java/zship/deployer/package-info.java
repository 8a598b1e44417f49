/** From an flist URL to a healthy container on a Zero-OS node. */
@NullMarked
package zship.deployer;

import org.jspecify.annotations.NullMarked;
