package zship.localnode.forward;

import java.io.IOException;
import java.net.BindException;
import java.util.Optional;

/** A port of 127.0.0.1 that leads into a container, or for the time being nowhere. */
abstract class OpenPort {

    private Optional<Target> target;
    private int pauses;

    OpenPort(Target target) {
        this.target = Optional.of(target);
    }

    /** Leads what comes from now on, and what waits, to a container. */
    final synchronized void lead(Target next) {
        target = Optional.of(next);
        notifyAll();
    }

    /** Leads nowhere for the time being; returns the number of this pause. */
    final synchronized int pause() {
        target = Optional.empty();
        return ++pauses;
    }

    /** Whether a pause still lasts. */
    final synchronized boolean isIn(int pause) {
        return target.isEmpty() && pauses == pause;
    }

    /** Where it leads; empty while it leads nowhere. */
    final synchronized Optional<Target> target() {
        return target;
    }

    /** Whether it leads to that container. */
    final boolean leadsTo(int container) {
        return target().filter(leads -> leads.container() == container).isPresent();
    }

    /** Stops listening. The port is free on return. */
    abstract void close();

    /** Java says with the same exception that a port is taken and that {@code net.ipv4.ip_unprivileged_port_start} forbids it. */
    static IOException reason(BindException failed, int port) {
        return String.valueOf(failed.getMessage()).contains("Permission denied")
                ? new IOException("port " + port + " is one that only root may open")
                : failed;
    }
}
