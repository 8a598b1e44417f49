package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/** Roots that {@code zship build} made in the shared cache, unpacked and started without a node. */
final class BuiltRoots {
    private BuiltRoots() {
    }

    /** Builds a profile, or finds it built, and returns the result of the command. */
    static JsonNode build(Zship zship, String profile) throws IOException, InterruptedException {
        SharedCache.require(profile);
        return zship.ok("build", "--json", "--profile", profile).json();
    }

    /** Unpacks the archive that a build made. */
    static Path unpack(JsonNode built, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Process tar = new ProcessBuilder("tar", "--extract", "--gzip", "--no-same-owner", "--directory=" + folder,
                "--file=" + built.path("archive").asString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar cannot unpack " + built);
        }
        return folder;
    }

    /**
     * Starts a program of a root that is read-only but for /run and /tmp, as user 1000, in the host's network.
     *
     * @param log file that takes what it prints
     */
    static Process start(Path root, Path log, Map<String, String> environment, String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("bwrap", "--ro-bind", root.toString(), "/", "--proc", "/proc",
                "--dev", "/dev", "--tmpfs", "/run", "--perms", "1777", "--tmpfs", "/tmp", "--unshare-pid",
                "--unshare-user", "--uid", "1000", "--gid", "1000", "--die-with-parent"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", "/usr/bin:/bin");
        return builder.start();
    }
}
