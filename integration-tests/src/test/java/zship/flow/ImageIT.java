package zship.flow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The exported images as other programs see them: skopeo reads both forms, umoci unpacks them, runc runs them. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ImageIT extends FreshUser {
    private static final String PASSWORD = "a/b & <c>";

    @Test
    void bothFormsHoldTheSameImageAndItServesUnderRunc() throws Exception {
        Path oci = folder.resolve("icecast.oci.tar");
        Path docker = folder.resolve("icecast.docker.tar");
        String id = zship.ok("export", "oci", "-o", oci.toString(), "--json").json().path("id").asString();
        assertThat(zship.ok("export", "docker", "-o", docker.toString(), "--json").json().path("id").asString())
                .isEqualTo(id);
        assertThat(run("skopeo", "inspect", "--config", "oci-archive:" + oci)).contains("/bin/launcher", "8000/tcp");
        Path layout = folder.resolve("layout");
        run("skopeo", "copy", "--quiet", "docker-archive:" + docker, "oci:" + layout + ":loaded");
        run("skopeo", "copy", "--quiet", "oci-archive:" + oci, "oci:" + layout + ":copied");
        assertThat(layers("oci:" + layout + ":loaded")).isEqualTo(layers("oci:" + layout + ":copied"));
        Path saved = folder.resolve("saved.tar");
        run("skopeo", "copy", "--quiet", "oci:" + layout + ":copied", "docker-archive:" + saved + ":icecast:saved");
        assertThat(packed(saved)).isEqualTo(packed(oci)).isEqualTo(packed(docker));
        Path bundle = folder.resolve("bundle");
        run("umoci", "unpack", "--image", layout + ":copied", bundle.toString());
        shareNetwork(bundle.resolve("config.json"));
        String name = "zship-image-" + port;
        Process runc = new ProcessBuilder("runc", "--root", folder.resolve("runc").toString(), "run", "--bundle",
                bundle.toString(), name).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile())
                .redirectInput(Path.of("/dev/null").toFile()).start();
        try {
            awaitAnswer(runc);
            assertThat(new Icecast(port).sourceStatus(PASSWORD)).isIn(100, 200);
            assertThat(new Icecast(port).sourceStatus("hackme")).isEqualTo(401);
            run("runc", "--root", folder.resolve("runc").toString(), "kill", name, "TERM");
            assertThat(runc.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            runc.destroyForcibly().waitFor();
            new ProcessBuilder("runc", "--root", folder.resolve("runc").toString(), "delete", "--force", name).start()
                    .waitFor();
        }
    }

    /** The digest of the flist that an image becomes. */
    private String packed(Path image) throws Exception {
        return zship.ok("pack", image.toString(), "-o", folder.resolve("image.flist").toString(), "--store",
                "dir://" + folder.resolve("chunks"), "--json").json().path("sha256").asString();
    }

    private static JsonNode layers(String image) throws Exception {
        return JsonMapper.shared().readTree(run("skopeo", "inspect", "--config", image)).path("rootfs");
    }

    /** Lets the container use the network of this machine, with a port and a password of this test. */
    private void shareNetwork(Path config) throws IOException {
        ObjectNode spec = (ObjectNode) JsonMapper.shared().readTree(config.toFile());
        ArrayNode kept = JsonMapper.shared().createArrayNode();
        spec.path("linux").path("namespaces").valueStream()
                .filter(it -> !List.of("network", "user").contains(it.path("type").asString())).forEach(kept::add);
        ((ObjectNode) spec.path("linux")).set("namespaces", kept);
        ObjectNode process = (ObjectNode) spec.path("process");
        process.put("terminal", false);
        // umoci allows less than Docker and Kubernetes do, and the launcher changes to another user.
        ObjectNode capabilities = (ObjectNode) process.path("capabilities");
        for (String set : List.of("bounding", "effective", "permitted")) {
            ArrayNode allowed = capabilities.putArray(set);
            List.of("CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID", "CAP_KILL")
                    .forEach(allowed::add);
        }
        List.of("inheritable", "ambient").forEach(capabilities::putArray);
        ((ArrayNode) process.path("env")).add("ICECAST_PORT=" + port).add("ICECAST_SOURCE_PASSWORD=" + PASSWORD)
                .add("ICECAST_ADMIN_PASSWORD=other");
        Files.write(config, JsonMapper.shared().writeValueAsBytes(spec));
    }

    private void awaitAnswer(Process runc) throws IOException, InterruptedException {
        while (runc.isAlive()) {
            try {
                if (new Icecast(port).get("/status-json.xsl") == 200) {
                    return;
                }
            } catch (IOException notYet) {
                runc.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("the container ended: " + Files.readString(folder.resolve("log")));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
        return output;
    }
}
