package zship.deployer.health;

import zship.flist.Secret;

/** One thing that must hold before a service counts as healthy. */
public sealed interface HealthCheck {

    /** Its name in reports, without secrets. */
    String name();

    /**
     * A connection to the port stays open. A forward accepts connections even when nothing listens behind it and closes
     * them at once; that does not pass.
     */
    record PortOpen() implements HealthCheck {

        @Override
        public String name() {
            return "port";
        }
    }

    /**
     * A GET answers with a status.
     *
     * @param path the path, starting with a slash
     * @param status the status that is wanted
     */
    record Http(String path, int status) implements HealthCheck {

        @Override
        public String name() {
            return "GET " + path;
        }
    }

    /**
     * {@code /status-json.xsl} of Icecast answers 200 with JSON. In its first 300 ms Icecast 2.4.4 answers 200 with
     * invalid JSON, so this is tried again like any failure.
     */
    record IcecastStatus() implements HealthCheck {

        @Override
        public String name() {
            return "icecast status";
        }
    }

    /**
     * Icecast refuses a source with a wrong password and accepts one with the right password: proof that the settings
     * given are in force. The probe uses a mount of a random name and ends at once, so it disturbs nobody.
     *
     * @param sourcePassword the password that must be accepted
     */
    record IcecastSource(Secret sourcePassword) implements HealthCheck {

        @Override
        public String name() {
            return "icecast source password";
        }
    }
}
