/** Whether a container's service really serves: probes, their history, and the service's own last words. */
@NullMarked
package zship.deployer.health;

import org.jspecify.annotations.NullMarked;
