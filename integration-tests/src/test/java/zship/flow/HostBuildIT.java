package zship.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A build with the packages of this machine: the same root, as far as these packages are the same. */
@EnabledIfSystemProperty(named = "zship.host", matches = "yes", disabledReason = "it installs packages on this machine: "
        + "./check -Dzship.host=yes")
class HostBuildIT {
    private static final String LIBRARIES = "lib/x86_64-linux-gnu";

    @TempDir
    Path folder;

    @Test
    void rootIsThatOfTheSandboxWherePackagesAreTheSame() throws IOException, InterruptedException {
        Zship zship = new Zship(folder.resolve("home"), Zship.sharedCache());
        JsonNode sandboxed = BuiltRoots.build(zship, "classic");
        JsonNode hosted = zship.ok("build", "--json", "--profile", "classic", "--host").json();
        Map<String, String> versions = versions(sandboxed);
        Map<String, String> here = versions(hosted);
        assertThat(here).containsOnlyKeys(versions.keySet());

        Path root = BuiltRoots.unpack(sandboxed, folder.resolve("sandboxed"));
        Path other = BuiltRoots.unpack(hosted, folder.resolve("hosted"));
        assertThat(files(other)).isEqualTo(files(root));
        assertThat(other.resolve("bin/launcher")).hasSameBinaryContentAs(root.resolve("bin/launcher"));
        if (here.get("libc6").equals(versions.get("libc6"))) {
            assertThat(other.resolve(LIBRARIES + "/libc.so.6"))
                    .hasSameBinaryContentAs(root.resolve(LIBRARIES + "/libc.so.6"));
        }
        if (here.equals(versions)) {
            assertThat(hosted.path("sha256").asString()).isEqualTo(sandboxed.path("sha256").asString());
        }
        assertThat(zship.ok("build", "--profile", "classic", "--host", "--why", "libicudata").out())
                .contains("from libicu72 " + here.get("libicu72"));
    }

    private static String files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return String.join("\n", all.map(file -> root.relativize(file).toString()).sorted().toList());
        }
    }

    /** The packages that a bill names, with their versions. */
    private static Map<String, String> versions(JsonNode built) {
        Map<String, String> versions = new TreeMap<>();
        JsonMapper.shared().readTree(Path.of(built.path("bill").asString()).toFile()).path("components")
                .forEach(part -> versions.put(part.path("name").asString(), part.path("version").asString()));
        return versions;
    }
}
