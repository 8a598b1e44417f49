package zship.localnode.store;

import java.util.Optional;

import zship.flist.Secret;

/**
 * Who may do what with a store, as the options {@code --admin} and {@code --protect} of a 0-db say it.
 *
 * @param admin the administrator's password; without one everybody may do everything
 * @param protect whether the namespace {@code default} is read-only until it is selected with that password
 */
public record StoreAccess(Optional<Secret> admin, boolean protect) {
    /** Everybody may do everything. */
    public static final StoreAccess OPEN = new StoreAccess(Optional.empty(), false);

    /** Checks that there is something to protect with. */
    public StoreAccess {
        if (protect && admin.isEmpty()) {
            throw new IllegalArgumentException("protecting needs an administrator's password");
        }
    }
}
