/** Who may talk to the node: its TLS certificate and the check of tokens. */
@NullMarked
package zship.localnode.access;

import org.jspecify.annotations.NullMarked;
