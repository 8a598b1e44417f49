package zship.localnode;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.loopback.FreePort;

/** A small root of one static program with a web server as its service, packed into a node's store. */
public final class BusyboxRoot {
    private static final Path BUSYBOX = Path.of("/usr/bin/busybox");
    private static final String STARTUP = """
            [startup.web]
            name = "core.system"
            [startup.web.args]
            name = "/bin/httpd"
            args = ["-f", "-v", "-p", "8000", "-h", "/www"]
            """;

    private BusyboxRoot() {
    }

    /** The flist file; its files are gone from where they were packed. */
    static Path pack(NodeState node, Path folder, String startup) throws IOException {
        return pack(node, folder, startup, Map.of());
    }

    /** The same with more files, by path. */
    static Path pack(NodeState node, Path folder, String startup, Map<String, byte[]> more) throws IOException {
        Path tree = tree(folder, startup);
        for (Map.Entry<String, byte[]> file : more.entrySet()) {
            Files.write(tree.resolve(file.getKey()), file.getValue());
        }
        Path flist = folder.resolve(tree.getFileName() + ".flist");
        try (ChunkStore store = ChunkStores.open(StoreUrl.of(node.storeUrl()))) {
            new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        }
        return flist;
    }

    /** What is packed, with the web server only. */
    public static Path tree(Path folder) throws IOException {
        return tree(folder, STARTUP);
    }

    private static Path tree(Path folder, String startup) throws IOException {
        Path tree = folder.resolve("tree-" + System.nanoTime());
        Files.createDirectories(tree.resolve("bin"));
        Files.createDirectories(tree.resolve("etc"));
        Files.createDirectories(tree.resolve("www"));
        Files.copy(BUSYBOX, tree.resolve("bin/busybox"));
        for (String name : List.of("sh", "cat", "env", "sleep", "httpd", "ls", "id", "ps", "kill", "hostname", "touch",
                "grep", "mount", "chroot", "mknod", "mkdir", "ln", "echo", "true", "wc")) {
            Files.createSymbolicLink(tree.resolve("bin").resolve(name), Path.of("busybox"));
        }
        Files.writeString(tree.resolve("etc/motd"), "hello from base\n");
        Files.writeString(tree.resolve("www/index.html"), "served from the flist");
        Files.writeString(tree.resolve(".startup.toml"), startup);
        return tree;
    }

    /** The same with the web server only. */
    public static Path pack(NodeState node, Path folder) throws IOException {
        return pack(node, folder, STARTUP);
    }

    static int freePort() throws IOException {
        return FreePort.choose();
    }

    /** The body behind a forwarded port; tries until the server is up. */
    static String fetch(int port) throws IOException {
        IOException last = new IOException("not tried");
        for (int attempt = 0; attempt < 1000; attempt++) {
            try {
                HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL()
                        .openConnection();
                connection.setConnectTimeout(2000);
                connection.setReadTimeout(2000);
                try (InputStream in = connection.getInputStream()) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            } catch (IOException notYet) {
                last = notYet;
                pause();
            }
        }
        throw last;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(25);
        } catch (InterruptedException stopped) {
            throw new IOException("interrupted", stopped);
        }
    }
}
