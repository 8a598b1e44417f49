package zship.deployer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import zship.deployer.container.ContainerName;
import zship.deployer.container.ContainerSpec;
import zship.deployer.container.EnvVar;
import zship.deployer.container.PortMapping;
import zship.deployer.health.HealthSettings;
import zship.deployer.rollout.App;
import zship.flist.Secret;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubUrl;
import zship.flist.hub.PublishedFlist;
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.LocalNode;
import zship.localnode.LocalNodeConfig;
import zship.localnode.NodeState;
import zship.loopback.FreePort;

/** A local node of its own, and a small service of one static binary published on its hub. */
final class Radio implements AutoCloseable {

    static final String NAME = "radio";
    private static final String PASSWORD = "ICECAST_SOURCE_PASSWORD";

    private final Path state;
    private final LocalNode node;
    private final PublishedFlist flist;
    private final int port;

    private Radio(Path state, LocalNode node, PublishedFlist flist, int port) {
        this.state = state;
        this.node = node;
        this.flist = flist;
        this.port = port;
    }

    static Radio start(Path folder) throws IOException, InterruptedException {
        Path root = root(folder);
        LocalNode node = LocalNode.start(LocalNodeConfig.of(folder.resolve("state")).onAnyPorts());
        NodeState state = node.state();
        try (ChunkStore store = ChunkStores.open(StoreUrl.of(state.storeUrl()))) {
            Path file = folder.resolve("radio.flist");
            PackedFlist packed = new Packer(store, PackEvents.none()).pack(root, file, PackOptions.DEFAULT);
            PublishedFlist flist = new HubClient(HubUrl.of(state.hubUrl()), Optional.empty()).publish(packed.file(),
                    "radio-1.flist", "radio.flist");
            return new Radio(folder.resolve("state"), node, flist, FreePort.choose());
        }
    }

    private static Path root(Path folder) throws IOException, InterruptedException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("bin"));
        Path source = folder.resolve("radio.c");
        try (InputStream in = Radio.class.getResourceAsStream("radio.c")) {
            Files.copy(Objects.requireNonNull(in), source);
        }
        Process gcc = new ProcessBuilder("gcc", "-static", "-O1", "-o", root.resolve("bin/radio").toString(),
                source.toString()).inheritIO().start();
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc failed");
        }
        Files.writeString(root.resolve(".startup.toml"), """
                [startup.radio]
                name = "core.system"
                [startup.radio.args]
                name = "/bin/radio"
                """);
        return root;
    }

    NodeState node() {
        return node.state();
    }

    Path state() {
        return state;
    }

    int port() {
        return port;
    }

    /** The radio with a password. */
    App app(String password) {
        Secret secret = Secret.of(password);
        ContainerSpec spec = ContainerSpec.of(flist.url().toString()).withName(ContainerName.of(NAME))
                .withStorage(node.state().storeUrl()).withPort(PortMapping.of(port + ":8000"))
                .withSecret(PASSWORD, secret);
        return App.of(spec, flist.sha256()).withHealth(HealthSettings.icecast(8000, secret)
                .withServices(List.of("radio")).withTimeout(Duration.ofSeconds(20)));
    }

    /** The radio with one more setting. */
    App app(String password, String variable) {
        App app = app(password);
        return app.withSpec(app.spec().withEnv(EnvVar.of(variable + "=yes")));
    }

    /** Packs an flist whose chunks go to another store than the node's. */
    static PackedFlist packElsewhere(Path folder) throws IOException {
        Path root = Files.createDirectories(folder.resolve("other"));
        Files.writeString(root.resolve("lost"), "content that the node's store never saw");
        try (ChunkStore elsewhere = ChunkStores.open(StoreUrl.of("dir://" + folder.resolve("chunks")))) {
            return new Packer(elsewhere, PackEvents.none()).pack(root, folder.resolve("lost.flist"),
                    PackOptions.DEFAULT);
        }
    }

    @Override
    public void close() {
        node.stopContainers();
        node.close();
    }
}
