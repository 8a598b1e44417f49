package zship.flow;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import zship.flist.disk.ChangingTree;

/**
 * A Docker daemon of a test's own, beside one that the machine may have: its files, socket and mounts are its own, it
 * makes no bridge and no rule of a firewall, and nothing of it is left when it ends.
 */
final class DockerDaemon implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final Process process;
    private final String controlGroup;

    private DockerDaemon(Path folder, Process process, String controlGroup) {
        this.folder = folder;
        this.process = process;
        this.controlGroup = controlGroup;
    }

    /** Starts a daemon that keeps all it has in a folder, and waits until it listens. */
    static DockerDaemon start(Path folder) throws IOException, InterruptedException {
        String group = "zship-docker-" + ProcessHandle.current().pid();
        Files.createDirectories(folder);
        Process process = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sh", "-c",
                // What it would leave in these folders is in its own mount namespace.
                "mkdir -p /etc/docker && for own in /etc/docker /run; do mount -t tmpfs tmpfs $own; done; exec \"$@\"",
                "sh", "dockerd",
                "--host=unix://" + folder.resolve("docker.sock"), "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"), "--pidfile=" + folder.resolve("pid"),
                "--cgroup-parent=/" + group, "--storage-driver=vfs", "--bridge=none", "--iptables=false",
                "--ip6tables=false", "--ip-forward=false").redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
        DockerDaemon daemon = new DockerDaemon(folder, process, group);
        daemon.awaitSocket();
        return daemon;
    }

    String host() {
        return "unix://" + folder.resolve("docker.sock");
    }

    /** Makes an image of an archive of files, as {@code docker import} does. */
    void load(Path archive, String image) throws IOException, InterruptedException {
        Process docker = new ProcessBuilder("docker", "--host", host(), "import", archive.toString(), image)
                .redirectErrorStream(true).start();
        String output = new String(docker.getInputStream().readAllBytes());
        if (docker.waitFor() != 0) {
            throw new IOException("docker import: " + output);
        }
    }

    private void awaitSocket() throws IOException, InterruptedException {
        while (true) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(folder.resolve("docker.sock")));
                return;
            } catch (IOException notYet) {
                if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                    throw new IOException("dockerd ended: " + Files.readString(folder.resolve("log")), notYet);
                }
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        removeControlGroups();
    }

    private void removeControlGroups() throws IOException {
        Set<Path> groups = new TreeSet<>(Comparator.reverseOrder());
        ChangingTree.visit(Path.of("/sys/fs/cgroup"), 2, (path, attributes) -> {
            if (path.endsWith(controlGroup)) {
                ChangingTree.visit(path, 8, (inside, facts) -> {
                    if (facts.isDirectory()) {
                        groups.add(inside);
                    }
                });
            }
        });
        for (Path group : groups) {
            Files.delete(group);
        }
    }
}
