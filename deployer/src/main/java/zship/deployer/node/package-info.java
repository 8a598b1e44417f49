/** The connection to a Zero-OS node: commands go in as jobs, results and output streams come back. */
@NullMarked
package zship.deployer.node;

import org.jspecify.annotations.NullMarked;
