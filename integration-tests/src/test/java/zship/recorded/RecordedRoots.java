package zship.recorded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.store.StoreServer;

/** Roots like those that the recorded node was given, a web server that has them, and stores with and without their chunks. */
final class RecordedRoots implements AutoCloseable {
    private static final List<String> TOOLS = List.of("sh", "cat", "env", "sleep", "httpd", "ls", "id", "ps", "kill",
            "hostname", "touch", "grep", "mount", "echo", "true", "nc", "ip", "seq", "dd", "wc", "chown", "readlink");

    private final Path folder;
    private final StoreServer chunks;
    private final StoreServer empty;
    private final HttpServer web;
    private final Map<String, byte[]> files = new TreeMap<>();

    RecordedRoots(Path folder) throws IOException {
        this.folder = folder;
        this.chunks = StoreServer.start(folder.resolve("chunks"), 0, "test");
        this.empty = StoreServer.start(folder.resolve("empty"), 0, "test");
        this.web = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        web.createContext("/", this::serve);
        pack("base", Map.of());
        pack("layer", Map.of("etc/layered", "layered\n", "etc/motd", "hello from layer\n"));
        for (Map.Entry<String, String> startup : RecordedStartups.ALL.entrySet()) {
            pack(startup.getKey(), Map.of(".startup.toml", startup.getValue()));
        }
        pack("plugin", Map.of(".plugin.toml", RecordedStartups.PLUGIN, "bin/demo", RecordedStartups.PLUGIN_PROGRAM));
        otherForms();
        web.start();
    }

    private void otherForms() throws IOException {
        byte[] base = files.get("/base.flist");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(base)).readAllBytes();
        for (String name : List.of("/base.tgz", "/base.tar.gz", "/base.zip", "/base.bz2", "/slow/base.flist")) {
            files.put(name, base);
        }
        files.put("/base.tar", plain);
        files.put("/trunc/base.flist", Arrays.copyOf(base, base.length / 2));
        files.put("/plain.flist", "not an archive\n".getBytes(StandardCharsets.UTF_8));
        files.put("/plain.tar", "not an archive\n".getBytes(StandardCharsets.UTF_8));
        Path www = Files.createDirectories(folder.resolve("www"));
        Files.write(www.resolve("base.flist"), base);
    }

    private void pack(String name, Map<String, String> more) throws IOException {
        Path tree = folder.resolve("tree-" + name);
        for (String directory : List.of("bin", "data", "root", "tmp", "usr")) {
            Files.createDirectories(tree.resolve(directory));
        }
        Files.setPosixFilePermissions(tree.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.copy(Path.of("/usr/bin/busybox"), tree.resolve("bin/busybox"));
        for (String tool : name.equals("noshell") ? List.of("env") : TOOLS) {
            Files.createSymbolicLink(tree.resolve("bin").resolve(tool), Path.of("busybox"));
        }
        if (!name.equals("noetc")) {
            Files.createDirectories(tree.resolve("etc"));
            Files.writeString(tree.resolve("etc/motd"), "hello from base\n");
            Files.writeString(tree.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\napp:x:10:10::/:/bin/sh\n");
            Files.writeString(tree.resolve("etc/group"), "root:x:0:\napp:x:10:\n");
        }
        for (Map.Entry<String, String> file : more.entrySet()) {
            Path target = tree.resolve(file.getKey());
            Files.writeString(target, file.getValue());
            if (file.getKey().startsWith("bin/")) {
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Path flist = folder.resolve(name + ".flist");
        try (ChunkStore store = ChunkStores.open(StoreUrl.of(chunkStore()))) {
            new Packer(store, PackEvents.none()).pack(tree, flist, PackOptions.DEFAULT);
        }
        files.put("/" + name + ".flist", Files.readAllBytes(flist));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = files.get(path);
            if (path.startsWith("/slow/")) {
                pause();
            }
            if (path.startsWith("/e500/")) {
                exchange.sendResponseHeaders(500, -1);
            } else if (path.equals("/redir/base.flist")) {
                exchange.getResponseHeaders().set("Location", "/base.flist");
                exchange.sendResponseHeaders(302, -1);
            } else if (body == null) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** The recorded server took twelve seconds; eight are more than the two that the requests allow. */
    private static void pause() throws IOException {
        try {
            Thread.sleep(8000);
        } catch (InterruptedException stopped) {
            throw new IOException("interrupted", stopped);
        }
    }

    String web() {
        return "http://127.0.0.1:" + web.getAddress().getPort();
    }

    String folder() {
        return folder.resolve("www").toString();
    }

    String chunkStore() {
        return "zdb://127.0.0.1:" + chunks.port();
    }

    String emptyStore() {
        return "zdb://127.0.0.1:" + empty.port();
    }

    @Override
    public void close() {
        web.stop(0);
        chunks.close();
        empty.close();
    }
}
