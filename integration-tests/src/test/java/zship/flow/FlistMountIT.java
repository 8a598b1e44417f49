package zship.flow;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code zship flist mount} as a user has it. */
class FlistMountIT extends FreshUser {
    private final byte[] content = new byte[1_500_000];
    private Path target;
    private String store;

    @BeforeEach
    void pack() throws IOException, InterruptedException {
        Path tree = Files.createDirectories(folder.resolve("tree/etc"));
        new Random(3).nextBytes(content);
        Files.write(tree.resolve("large"), content);
        Files.writeString(tree.resolve("motd"), "hello\n");
        target = Files.createDirectory(folder.resolve("here"));
        // What was mounted before, by whatever test, is in the cache that they share.
        zship.with("XDG_CACHE_HOME", folder.resolve("cache").toString());
        store = "dir://" + folder.resolve("chunks");
        zship.ok("pack", folder.resolve("tree").toString(), "-o", "root.flist", "--store", store);
    }

    @Test
    void treeIsThereUntilItIsUnmounted() throws Exception {
        Process mounted = mount();
        assertThat(target.resolve("etc/motd")).hasContent("hello\n");
        assertThat(target.resolve("etc/large")).hasBinaryContent(content);
        assertThat(new ProcessBuilder("umount", target.toString()).start().waitFor()).isZero();
        try (BufferedReader out = mounted.inputReader()) {
            String last = out.lines().toList().getLast();
            assertThat(JsonMapper.shared().readTree(last).get("fetched").asInt()).isEqualTo(4);
        }
        assertThat(mounted.waitFor()).isZero();
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void interruptUnmountsAndWhatAKilledOneLeftIsReplaced() throws Exception {
        Process killed = mount();
        assertThat(killed.destroyForcibly().waitFor()).isNotZero();
        Process mounted = mount();
        assertThat(target.resolve("etc/motd")).hasContent("hello\n");
        mounted.destroy();
        assertThat(mounted.waitFor()).isNotZero();
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void whereThereIsNoFuseTheUserIsToldWhatToDo() throws Exception {
        Zship.Run refused = zship.by("unshare", "--mount", "sh", "-c",
                "mount --bind /dev/fuse /dev/fuse && mount -o remount,bind,nodev /dev/fuse && exec \"$@\"", "sh")
                .run("flist", "mount", "root.flist", target.toString(), "--store", store);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("/dev/fuse cannot be opened", "hint: ");
    }

    private Process mount() throws IOException {
        Process process = zship.start("flist", "mount", "root.flist", target.toString(), "--store", store, "--json");
        assertThat(process.inputReader().readLine()).contains("\"mounted\"");
        return process;
    }
}
