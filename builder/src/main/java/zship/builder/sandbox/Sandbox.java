package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Runs programs in a build root by bwrap(1): the root is read-only, the one folder that can be written is always at
 * {@code /w}, there is no network and no other process, and the programs have no rights and an id that owns nothing.
 * When the caller is root the id is real; else it is the caller's own, under another number.
 *
 * @param root what the programs see as {@code /}
 * @param work the folder on this machine that they see as {@code /w}
 */
public record Sandbox(BuildRoot root, Path work) {

    /** Where programs see the folder that they may write. */
    public static final String WORK = "/w";
    /** The search path in the sandbox. */
    public static final String SEARCH_PATH = "/w/deps/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int BUILDER = 65533;

    /**
     * Returns the words in front of a command.
     *
     * @param folder the working directory, as the programs see it
     * @param terminal whether the program may read the caller's terminal
     */
    public List<String> words(String folder, boolean terminal) throws IOException {
        List<String> words = new ArrayList<>(List.of("bwrap", "--ro-bind", root.files().toString(), "/", //
                "--dev", "/dev", "--proc", "/proc", "--perms", "1777", "--tmpfs", "/tmp", //
                "--bind", work.toString(), WORK, "--chdir", folder, //
                "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", //
                "--hostname", "build", "--die-with-parent", "--cap-drop", "ALL"));
        if (!terminal) {
            words.add("--new-session");
        }
        String id = String.valueOf(BUILDER);
        if (superuser()) {
            words.addAll(List.of("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP", //
                    "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--no-new-privs", "--inh-caps=-all",
                    "--bounding-set=-all"));
        } else {
            words.addAll(List.of("--unshare-user", "--uid", id, "--gid", id));
        }
        // The caller's umask must not show in what is installed.
        words.addAll(List.of("/bin/sh", "-c", "umask 022; exec \"$@\"", "sh"));
        return words;
    }

    /** Gives the work folder to the programs' user, which may write nothing else. */
    public void handOver() throws IOException {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!superuser()) {
            return;
        }
        Files.walkFileTree(work, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                give(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                give(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", BUILDER, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", BUILDER, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean superuser() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
