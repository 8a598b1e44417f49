package zship.deployer.health;

import java.util.List;
import java.util.regex.Pattern;

import zship.flist.Secret;

/** One thing that must hold before a service counts as healthy. */
public sealed interface HealthCheck {

    /** Its name in reports, without secrets. */
    String name();

    /** Whether it goes to a port; the others are answered by the container itself. */
    default boolean needsPort() {
        return true;
    }

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
     * @param body what the body must contain; empty for anything
     */
    record Http(String path, int status, String body) implements HealthCheck {

        /** Any body will do. */
        public Http(String path, int status) {
            this(path, status, "");
        }

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

    /**
     * A source streams to a mount of a random name, the mount appears in the status, and a listener receives what the
     * source sends. It needs one of Icecast's places for sources for a second.
     *
     * @param sourcePassword the password of the source
     */
    record IcecastStream(Secret sourcePassword) implements HealthCheck {

        @Override
        public String name() {
            return "icecast stream";
        }
    }

    /**
     * A line of the services' output has something in it. A node keeps only the last messages, so this is for a line
     * that says the service is ready, not for one long ago.
     *
     * @param pattern a regular expression that is found in the line
     */
    record LogLine(Pattern pattern) implements HealthCheck {

        @Override
        public String name() {
            return "log line " + pattern;
        }

        @Override
        public boolean needsPort() {
            return false;
        }
    }

    /**
     * A program in the container ends with status 0, within 10 s.
     *
     * @param command the program, a path or a name in its PATH, and its arguments
     */
    record Exec(List<String> command) implements HealthCheck {

        /** Copies the list. */
        public Exec {
            command = List.copyOf(command);
        }

        @Override
        public String name() {
            return "command " + command.getFirst();
        }

        @Override
        public boolean needsPort() {
            return false;
        }
    }
}
