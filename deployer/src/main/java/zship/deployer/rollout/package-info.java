/** Deployments that keep their promises: preflight, create, verify, switch, remember, go back. */
@NullMarked
package zship.deployer.rollout;

import org.jspecify.annotations.NullMarked;
