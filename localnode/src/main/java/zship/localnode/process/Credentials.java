package zship.localnode.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Who this process is, as its own user namespace sees it.
 *
 * @param uid effective user id
 * @param gid effective group id
 */
public record Credentials(int uid, int gid) {

    private static final Path SELF = Path.of("/proc/self");
    /** The map of the machine's own user namespace (user_namespaces(7)). */
    private static final String IDENTITY = "0 0 4294967295";

    /** Those of this process. */
    public static Credentials own() {
        try {
            return new Credentials((int) Files.getAttribute(SELF, "unix:uid"),
                    (int) Files.getAttribute(SELF, "unix:gid"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("/proc is not mounted", unreadable);
        }
    }

    /** Whether it is root here, which may be the root of a user namespace only. */
    public boolean isRoot() {
        return uid == 0;
    }

    /**
     * Whether this process lives in a user namespace that is not the machine's own: its root has no right to the machine's
     * control groups and cannot make device nodes.
     */
    public static boolean areOfUserNamespace() {
        try {
            return !Files.readString(SELF.resolve("uid_map")).strip().replaceAll("\\s+", " ").equals(IDENTITY);
        } catch (IOException noSuchFeature) {
            return false;
        }
    }

    /** Whether another process lives in the user namespace of this one; false when it is gone or may not be looked at. */
    public static boolean sharesUserNamespace(long pid) {
        Path other = Path.of("/proc", Long.toString(pid), "ns", "user");
        try {
            return Files.exists(other.getParent(), LinkOption.NOFOLLOW_LINKS)
                    && Files.readSymbolicLink(other).equals(Files.readSymbolicLink(SELF.resolve("ns/user")));
        } catch (IOException foreign) {
            return false;
        }
    }
}
