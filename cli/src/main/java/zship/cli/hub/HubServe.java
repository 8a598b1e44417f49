package zship.cli.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.disk.DiskFaults;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.localnode.hub.HubAccess;
import zship.localnode.hub.HubLimits;
import zship.localnode.hub.HubRules;
import zship.localnode.hub.HubServer;
import zship.localnode.hub.HubStore;
import zship.localnode.hub.HubTokens;
import zship.localnode.store.ChunkFiles;

/** {@code zship hub serve}: a hub in the foreground. */
@Command(name = "serve", description = "Is a hub, in the foreground, with the API of the public one; SIGTERM or Ctrl-C ends it.")
final class HubServe implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--listen", paramLabel = "HOST:PORT", defaultValue = "127.0.0.1:5555", description = "where to listen (default: ${DEFAULT-VALUE}); port 0 for any free one")
    private String listen = "127.0.0.1:5555";

    @Option(names = "--directory", paramLabel = "DIR", required = true, description = "the flists, a folder for each user")
    private Path directory = Path.of("hub");

    @Option(names = "--store", paramLabel = "URL", required = true, description = "the store of their chunks: zdb://host:port, redis://host:port or dir:///path")
    private String store = "";

    @Option(names = "--public-store", paramLabel = "URL", description = "where nodes find the chunks, when not at --store")
    private Optional<String> publicStore = Optional.empty();

    @Option(names = "--tokens", paramLabel = "FILE", description = "ask for a token of this file (zship hub token makes them); without it, only programs of this user are heard")
    private Optional<Path> tokens = Optional.empty();

    @Option(names = "--read-only", description = "change nothing")
    private boolean readOnly;

    @Option(names = "--changes-by-get", description = "also take changes as GET, as zflist's hub commands send them")
    private boolean changesByGet;

    @Option(names = "--largest-flist", paramLabel = "MIB", defaultValue = "256", description = "MiB (default: ${DEFAULT-VALUE})")
    private int largestFlist = 256;

    @Option(names = "--largest-archive", paramLabel = "MIB", defaultValue = "16384", description = "MiB (default: ${DEFAULT-VALUE})")
    private int largestArchive = 16384;

    @Option(names = "--largest-content", paramLabel = "MIB", defaultValue = "65536", description = "MiB of files in one archive (default: ${DEFAULT-VALUE})")
    private int largestContent = 65536;

    @Override
    public Integer call() throws InterruptedException {
        Session session = ((SessionSource) spec.root().userObject()).session();
        InetSocketAddress address = address();
        StoreUrl url = StoreUrl.of(store);
        try (FileChannel lock = lock();
                ChunkStore checked = ChunkStores.open(url);
                HubServer hub = HubServer.start(directory, address, store(url), rules(checked.url()),
                        access(address))) {
            String shown = "http://" + (address.getHostString().contains(":")
                    ? "[" + address.getHostString() + "]"
                    : address.getHostString()) + ":" + hub.port();
            session.output().result(Map.of("hub", shown, "store", checked.url().toString()), shown);
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                hub.close();
                ended.countDown();
            }, "stop"));
            ended.await();
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot serve " + directory + " at " + listen,
                    DiskFaults.reason(e), "check the folder, and whether something else listens there: ss -ltnp");
        }
    }

    /** One process at a time serves a folder: removing chunks is safe only where it knows of every publication. */
    private FileChannel lock() throws IOException {
        FileChannel file = FileChannel.open(Files.createDirectories(directory).resolve(".lock"),
                StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.tryLock() == null) {
            file.close();
            throw new CliException(ExitCode.FAILED, "cannot serve " + directory, "another hub serves this folder",
                    "end that one, or name another folder");
        }
        return file;
    }

    private InetSocketAddress address() {
        int colon = listen.lastIndexOf(':');
        String port = listen.substring(colon + 1);
        String host = colon < 0 ? "" : listen.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
        if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new CliException(ExitCode.USAGE, "cannot listen at " + listen, "it is not HOST:PORT",
                    "write it like 127.0.0.1:5555 or 0.0.0.0:5555");
        }
        InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
        if (address.isUnresolved()) {
            throw new CliException(ExitCode.USAGE, "cannot listen at " + listen, "there is no address " + host,
                    "write it like 127.0.0.1:5555 or 0.0.0.0:5555");
        }
        return address;
    }

    private HubStore store(StoreUrl url) {
        return new HubStore(() -> ChunkStores.open(url), url instanceof StoreUrl.Folder folder
                ? Optional.of(ChunkFiles.ofDirectoryStore(folder.path()))
                : Optional.empty(), List.of());
    }

    private HubRules rules(StoreUrl url) {
        HubRules rules = HubRules.DEFAULT.withReadOnly(readOnly).withChangesByGet(changesByGet)
                .withLimits(HubLimits.DEFAULT.withSizes((long) largestFlist << 20, (long) largestArchive << 20,
                        (long) largestContent << 20));
        StoreUrl shown = publicStore.map(StoreUrl::of).orElse(url);
        return shown instanceof StoreUrl.Server server ? rules.withPublicStore(server) : rules;
    }

    private HubAccess access(InetSocketAddress address) {
        if (tokens.isPresent()) {
            return new HubTokens(tokens.get(), Clock.systemUTC());
        }
        InetAddress host = address.getAddress();
        if (!readOnly && !host.isLoopbackAddress()) {
            throw new CliException(ExitCode.USAGE, "cannot serve others at " + listen,
                    "nobody would be asked for a token",
                    "give --tokens FILE, or --read-only");
        }
        return HubAccess.local(HubServer.USER);
    }
}
