package zship.localnode.container;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import zship.localnode.job.CommandException;

/** Which container forwards which port of the node. A port has one owner, whatever the address or protocol. */
final class PortTable {

    private final Map<Integer, Integer> owners = new HashMap<>();

    /** Takes a port for a container. */
    synchronized void take(int port, int container) throws CommandException {
        if (owners.putIfAbsent(port, container) != null) {
            throw inUse(port);
        }
    }

    /** Gives a port back if that container has it. */
    synchronized void release(int port, int container) {
        owners.remove(port, container);
    }

    /** Gives back all ports of a container. */
    synchronized void releaseAll(int container) {
        owners.values().removeIf(owner -> owner == container);
    }

    synchronized Optional<Integer> owner(int port) {
        return Optional.ofNullable(owners.get(port));
    }

    /** All ports that have an owner. */
    synchronized Set<Integer> taken() {
        return Set.copyOf(owners.keySet());
    }

    static CommandException inUse(int port) {
        return new CommandException(CommandException.FAILED, "port " + port + " already in use");
    }
}
