package zship.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

import zship.cli.config.Folders;
import zship.localnode.LocalNode;
import zship.localnode.LocalNodeConfig;
import zship.localnode.LocalNodeException;
import zship.localnode.store.StoreServer;

/**
 * Runs common commands once. The launcher does this after a build and lets the JVM record which classes were loaded and which
 * methods were busy (its AOT cache), so that later runs start with all that. The tree is too small for vectors: their module is
 * loaded late, which the cache cannot record.
 */
final class Rehearsal {
    private static final int FILES = 300;
    private static final int LARGE_FILES = 2;
    private static final int LARGE = 16 << 20;

    private Rehearsal() {
    }

    /**
     * Packs and unpacks a tree, publishes it on a node and lists what is there. The folders for state and cache are those that
     * the environment names.
     *
     * @param arguments an empty folder to work in
     */
    public static void main(String[] arguments) throws IOException {
        QuietLibraries.prepare(arguments);
        Path work = Path.of(arguments[0]);
        Path tree = tree(work.resolve("tree"));
        String flist = work.resolve("tree.flist").toString();
        try (StoreServer store = StoreServer.start(work.resolve("served"), 0, "0")) {
            String url = "zdb://127.0.0.1:" + store.port();
            Main.run("pack", tree.toString(), "-o", flist, "--store", url);
            Main.run("pack", tree.toString(), "-o", flist, "--store", url, "--json");
            Main.run("flist", "unpack", flist, work.resolve("copy").toString(), "--store", url);
            Main.run("flist", "verify", flist, "--store", url);
            Main.run("flist", "ls", flist, "/");
            Main.run("flist", "stat", flist, "/");
        }
        Main.run("pack", tree.toString(), "-o", flist, "--store", "dir://" + work.resolve("folder"));
        withNode(flist);
        Main.run("build", "--list-steps");
        Main.run("--help");
        System.exit(0);
    }

    /** A node without containers, and who talks to it: where none can be started, its classes are loaded later. */
    private static void withNode(String flist) {
        Path state = Folders.of(System.getenv()).state();
        try (LocalNode node = LocalNode.start(LocalNodeConfig.of(state).onAnyPorts())) {
            Main.run("publish", flist, "--as", "rehearsal");
            Main.run("hub", "ls", "local");
            Main.run("ps");
            Main.run("node", "status", "--json");
        } catch (LocalNodeException e) {
            System.err.println(e.getMessage());
        }
    }

    private static Path tree(Path tree) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < FILES; i++) {
            Path folder = Files.createDirectories(tree.resolve("folder-" + i % 7));
            byte[] content = new byte[random.nextInt(20_000)];
            random.nextBytes(content);
            Files.write(folder.resolve("file-" + i), content);
        }
        byte[] part = new byte[1 << 20];
        for (int i = 0; i < LARGE_FILES; i++) {
            try (OutputStream out = Files.newOutputStream(tree.resolve("large-" + i))) {
                for (int written = 0; written < LARGE; written += part.length) {
                    random.nextBytes(part);
                    out.write(part);
                }
            }
        }
        return tree;
    }
}
