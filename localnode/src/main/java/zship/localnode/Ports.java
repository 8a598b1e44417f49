package zship.localnode;

import java.io.IOException;
import java.net.BindException;

/** Chooses a port: a fixed one, or any free one, or the one used last time, else the preferred one, else any free one. */
final class Ports {

    /** Starts a server on a port; 0 is any free one. */
    @FunctionalInterface
    interface Starter<T> {
        T start(int port) throws IOException;
    }

    private Ports() {
    }

    /** Starts a server; a fixed port that is taken is an error, others are passed over. */
    static <T> T start(String what, int fixed, int remembered, int preferred, Starter<T> starter) throws IOException {
        if (fixed == LocalNodeConfig.ANY_PORT) {
            return starter.start(0);
        }
        if (fixed != 0) {
            try {
                return starter.start(fixed);
            } catch (BindException taken) {
                boolean forbidden = String.valueOf(taken.getMessage()).contains("Permission denied");
                throw LocalNodeException.prerequisite("listen on 127.0.0.1:" + fixed + " for the " + what,
                        forbidden ? "only root may listen there" : "the port is taken",
                        "choose another port, or stop the program that has it: ss -ltnp");
            }
        }
        for (int port : new int[]{remembered, preferred}) {
            if (port != 0) {
                try {
                    return starter.start(port);
                } catch (IOException taken) {
                    System.getLogger(Ports.class.getName()).log(System.Logger.Level.DEBUG, "port {0} is taken",
                            Integer.toString(port));
                }
            }
        }
        return starter.start(0);
    }
}
