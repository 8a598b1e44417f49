package zship.localnode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import zship.localnode.mount.RootMode;
import zship.localnode.process.Tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What programs in a container, and commands on their files, can reach of the machine: nothing. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class IsolationIT extends RunningNode {
    private Path flist;

    @BeforeEach
    void start() throws IOException {
        open(RootMode.LAZY);
        flist = BusyboxRoot.pack(node.state(), folder, "");
        Files.writeString(folder.resolve("secret"), "canary");
    }

    private JsonNode file(int id, String command, Map<String, ?> arguments) {
        return queue.inside(id, "filesystem." + command, arguments);
    }

    @Test
    void commandsOnFilesFollowNoLinkOutOfTheContainer() throws Exception {
        int id = queue.create(Map.of("root", flist.toString()));
        String secret = folder.resolve("secret").toString();
        queue.shell(id, "mkdir -p /t; ln -s " + secret + " /t/absolute; ln -s ../../../../../../../.." + secret
                + " /t/climbing; ln -s / /t/top; ln -s /proc/1/root /t/process");
        for (String path : List.of("/t/absolute", "/t/climbing", "/../.." + secret, "/t/top/.." + secret,
                "/t/process" + secret)) {
            assertThat(file(id, "open", Map.of("file", path, "mode", "r", "perm", 0)).get("state").stringValue())
                    .as(path)
                    .isEqualTo("ERROR");
            assertThat(NodeQueue.data(file(id, "exists", Map.of("path", path))).booleanValue()).as(path).isFalse();
        }
        file(id, "remove", Map.of("path", "/t/top"));
        file(id, "remove", Map.of("path", "/t/absolute"));
        file(id, "move", Map.of("path", "/etc/motd", "destination", "/t/climbing/motd"));
        file(id, "mkdir", Map.of("path", "/../../../../../../.." + folder + "/made"));
        assertThat(folder.resolve("secret")).hasContent("canary");
        assertThat(folder.resolve("made")).doesNotExist();
        assertThat(queue.shell(id, "cat /etc/motd")).isEqualTo("hello from base\n");
    }

    @Test
    void commandsOnFilesOpenNoDeviceThatAContainerMade() {
        int id = queue.create(Map.of("root", flist.toString()));
        queue.shell(id, "mknod /memory c 1 1; mknod /disk b 254 0; mknod /pipe p");
        for (String path : List.of("/memory", "/disk", "/pipe")) {
            assertThat(file(id, "open", Map.of("file", path, "mode", "r", "perm", 0)).get("state").stringValue())
                    .as(path)
                    .isEqualTo("ERROR");
        }
        assertThat(queue.shell(id, "cat /memory 2>&1; cat /disk 2>&1; true")).doesNotContain("\0");
    }

    @Test
    void whatIsWrittenIsInTheContainersOwnLayer() throws Exception {
        int first = queue.create(Map.of("root", flist.toString()));
        int second = queue.create(Map.of("root", flist.toString()));
        String descriptor = NodeQueue.data(file(first, "open", Map.of("file", "/etc/motd", "mode", "w", "perm", 420)))
                .stringValue();
        file(first, "write",
                Map.of("fd", descriptor, "block", Base64.getEncoder().encodeToString("mine".getBytes(UTF_8))));
        file(first, "close", Map.of("fd", descriptor));
        queue.shell(first, "echo changed > /bin/new");
        assertThat(queue.shell(first, "cat /etc/motd")).isEqualTo("mine");
        assertThat(queue.shell(second, "cat /etc/motd; ls /bin/new 2>&1")).startsWith("hello from base\n")
                .contains("No such file");
        queue.run("corex.terminate", Map.of("container", first));
        int third = queue.create(Map.of("root", flist.toString()));
        assertThat(queue.shell(third, "cat /etc/motd")).isEqualTo("hello from base\n");
    }

    /** As the recorded case create_hostname_privileged shows it of a container that is not privileged. */
    @Test
    void filesAndDevicesOfAContainerAreThoseOfANode() {
        int id = queue.create(Map.of("root", flist.toString(), "hostname", "radio1"));
        assertThat(queue.shell(id, "hostname; cat /etc/hostname /etc/hosts")).startsWith("radio1\nradio1")
                .contains("127.0.0.1    radio1.local radio1\n127.0.0.1    localhost.localdomain localhost\n");
        assertThat(queue.shell(id, "ls -l /etc/mtab")).endsWith(" -> ../proc/self/mounts\n");
        // The link "core" is there on machines that have /proc/kcore.
        assertThat(queue.shell(id, "ls /dev").lines().filter(name -> !name.equals("core"))).containsExactly("console",
                "fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty",
                "urandom", "zero");
        assertThat(queue.shell(id, "ls -l /dev")).containsPattern("crw-rw-rw- .* 1, +3 .* null\n")
                .contains("fd -> /proc/self/fd\n", "stdin -> /proc/self/fd/0\n");
        assertThat(queue.shell(id, "cat /proc/mounts"))
                .contains(" /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k",
                        " /dev/mqueue mqueue rw,", " /dev/pts devpts rw,")
                .containsPattern(" /sys sysfs ro,");
        assertThat(queue.shell(id, "echo x > /dev/null && mknod /dev/fuse c 10 229 2>&1; cat /dev/fuse 2>&1"))
                .contains("ermi");
    }

    @Test
    void processesAndPowersAreThoseOfAContainer() {
        int id = queue.create(Map.of("root", flist.toString(), "nics", List.of(Map.of("type", "default"))));
        JsonNode processes = NodeQueue.data(queue.inside(id, "process.list", Map.of()));
        assertThat(processes.valueStream().map(process -> process.get("name").stringValue())).contains("coreX")
                .doesNotContain("java", "runc", "slirp4netns");
        assertThat(queue.shell(id, "ls /proc | grep -c '^[0-9]'").strip()).matches("[0-9]");
        assertThat(queue.inside(id, "process.kill", Map.of("pid", ProcessHandle.current().pid(), "signal", 9))
                .get("state").stringValue()).isEqualTo("ERROR");
        assertThat(queue.shell(id, "grep -E 'Cap(Eff|Prm)' /proc/self/status")).contains("CapPrm:\t00000000a80424fb",
                "CapEff:\t00000000a80424fb");
        assertThat(queue.shell(id, "mount -t tmpfs x /etc 2>&1; touch /sys/x 2>&1; hostname other 2>&1; "
                + "ls /sys/fs/cgroup/x 2>&1; mount -o remount,rw /sys 2>&1; chroot /proc/1/root /bin/ls " + folder
                + " 2>&1"))
                .contains("ermi").doesNotContain("secret");
        assertThat(queue.shell(id, "cat /etc/resolv.conf")).contains("nameserver");
    }

    @Test
    void privilegedContainerHasAllPowersAndStillItsOwnFiles() {
        int id = queue.create(Map.of("root", flist.toString(), "privileged", true, "hostname", "boss"));
        assertThat(queue.shell(id, "mount -t tmpfs x /etc && echo mounted; hostname; ls " + folder + " 2>&1"))
                .startsWith("mounted\nboss\n").doesNotContain("secret");
    }

    @Test
    void privilegedContainerHasTheDevicesOfTheMachineButNotItsFolder() throws Exception {
        int id = queue.create(Map.of("root", flist.toString(), "privileged", true));
        List<String> expected = new ArrayList<>();
        for (String device : List.of("fuse", "kvm", "loop-control", "net/tun", "null", "kmsg")) {
            if (Files.exists(Path.of("/dev", device))) {
                expected.add("/dev/" + device);
            }
        }
        assertThat(expected).as("this machine's devices").contains("/dev/null", "/dev/fuse");
        String command = "busybox ls -ln " + String.join(" ", expected);
        Tool.Outcome machine = Tool.run(Map.of("PATH", "/usr/bin:/bin"), folder, List.of(command.split(" ")));
        assertThat(columns(queue.shell(id, command))).isEqualTo(columns(machine.output()));
        assertThat(queue.shell(id, "echo x > /dev/null; ls -d /dev/shm /dev/pts/ptmx /dev/fd")).contains("shm", "ptmx");
        queue.shell(id, "touch /dev/zship-made-inside");
        boolean shared = Files.deleteIfExists(Path.of("/dev/zship-made-inside"));
        assertThat(shared).as("/dev of the container is that of the machine").isFalse();
    }

    /** Type, mode, owner, numbers and path of each device, without the time. */
    private static List<String> columns(String list) {
        return list.lines().map(line -> line.replaceAll(" [A-Z][a-z][a-z] [ 0-9]\\d +[:0-9]+ ", " ")).toList();
    }

    @Test
    void mountAndConfigTargetsStayInside() throws Exception {
        Path shared = Files.createDirectories(folder.resolve("shared"));
        int id = queue.create(Map.of("root", flist.toString(), "mount",
                Map.of(shared.toString(), "/../../../.." + folder + "/escape"), "config",
                Map.of("/../../../.." + folder + "/config", "x", "/etc/../../" + folder + "/config2", "y")));
        assertThat(queue.shell(id, "ls -d " + folder + "/escape " + folder + "/config")).contains("escape", "config");
        assertThat(folder.resolve("escape")).doesNotExist();
        assertThat(folder.resolve("config")).doesNotExist();
        assertThat(folder.resolve("config2")).doesNotExist();
    }

    @Test
    void memoryLimitOfAGroupEndsWhoeverExceedsIt() {
        queue.run("cgroup.ensure", Map.of("subsystem", "memory", "name", "small"));
        JsonNode limit = NodeQueue
                .data(queue.run("cgroup.memory.spec", Map.of("name", "small", "mem", 32 << 20, "swap", 0)));
        assertThat(limit.get("mem").asLong()).isEqualTo(32 << 20);
        int id = queue.create(Map.of("root", flist.toString(), "cgroups", List.of(List.of("memory", "small"))));
        JsonNode result = queue.inside(id, "bash",
                Map.of("script", "(x=x; while true; do x=$x$x; done) & wait $!"));
        assertThat(result.get("state").stringValue()).isEqualTo("ERROR");
        assertThat(queue.shell(id, "echo others live")).isEqualTo("others live\n");
        queue.run("corex.terminate", Map.of("container", id));
        assertThat(
                queue.run("cgroup.remove", Map.of("subsystem", "memory", "name", "small")).get("state").stringValue())
                .isEqualTo("SUCCESS");
    }
}
