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
import zship.deployer.node.NodeAddress;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeSettings;
import zship.deployer.node.Trust;
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
import zship.loopback.FreePort;

/**
 * A node, and a small service of one static binary published on its hub. The node is a local one of its own, or the one that
 * the system properties name: {@code zship.node} (its address), {@code zship.node.token} (a file with its token, if it asks
 * for one), {@code zship.hub} and {@code zship.hub.token} (where flists are published, and a file with the token),
 * {@code zship.store} (where chunks are sent) and {@code zship.storage} (the same as the node sees it, when it differs).
 */
public final class Radio implements AutoCloseable {

    static final String NAME = "radio";
    /** A container in its way. */
    static final String OTHER = "radio-other";
    private static final String PASSWORD = "ICECAST_SOURCE_PASSWORD";

    private final Path state;
    private final Optional<LocalNode> local;
    private final Peers peers;
    private final PublishedFlist flist;
    private final int port;

    /** Where everything is. */
    private record Peers(String node, String hub, String store, String storage) {
    }

    private Radio(Path state, Optional<LocalNode> local, Peers peers, PublishedFlist flist) throws IOException {
        this.state = state;
        this.local = local;
        this.peers = peers;
        this.flist = flist;
        this.port = Integer.getInteger("zship.port", FreePort.choose());
    }

    static Radio start(Path folder) throws IOException, InterruptedException {
        Path root = root(folder);
        Optional<String> given = property("zship.node");
        Optional<LocalNode> local = given.isPresent()
                ? Optional.empty()
                : Optional.of(LocalNode.start(LocalNodeConfig.of(folder.resolve("state")).onAnyPorts()));
        Peers peers = local.map(LocalNode::state)
                .map(it -> new Peers(it.nodeAddress(), it.hubUrl(), it.storeUrl(), it.storeUrl()))
                .orElseGet(() -> new Peers(given.orElseThrow(), property("zship.hub").orElseThrow(),
                        property("zship.store").orElseThrow(),
                        property("zship.storage").or(() -> property("zship.store")).orElseThrow()));
        try (ChunkStore store = ChunkStores.open(StoreUrl.of(peers.store()))) {
            Path file = folder.resolve("radio.flist");
            PackedFlist packed = new Packer(store, PackEvents.none()).pack(root, file, PackOptions.DEFAULT);
            PublishedFlist flist = new HubClient(HubUrl.of(peers.hub()), token("zship.hub.token")).publish(
                    packed.file(), "radio-1.flist", "radio.flist");
            return new Radio(folder.resolve("state"), local, peers, flist);
        }
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).filter(value -> !value.isEmpty());
    }

    private static Optional<Secret> token(String property) throws IOException {
        Optional<String> file = property(property);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(Secret.of(Files.readString(Path.of(file.get())).strip()));
    }

    /** A client of the node. */
    NodeClient client() throws IOException {
        NodeSettings settings = NodeSettings.of(NodeAddress.of(peers.node()))
                .withTrust(new Trust.FirstUse(state.resolve("pins")));
        return NodeClient.open(token("zship.node.token").map(settings::withToken).orElse(settings));
    }

    /** Whether the node is on this machine and of this test alone. */
    boolean isOwn() {
        return local.isPresent();
    }

    /** The files of the service, made in a folder: one static binary and its start-up file. */
    public static Path root(Path folder) throws IOException, InterruptedException {
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
                .withStorage(peers.storage()).withPort(PortMapping.of(port + ":8000"))
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
        local.ifPresent(node -> {
            node.stopContainers();
            node.close();
        });
    }
}
