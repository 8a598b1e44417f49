package zship.cli.flist;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.Flist;
import zship.flist.Secret;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubProgress;
import zship.flist.hub.HubUrl;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.DiscardingStore;
import zship.flist.store.StoreUrl;

/** {@code zship zflist}: the command line of zflist as it was from 2018 to 2019, so that scripts of that time go on working. */
@Command(name = "zflist", description = "Accepts the command line that zflist had in 2018 and 2019.")
public final class ZflistCommand implements Callable<Integer> {
    private static final String HUB = "https://hub.grid.tf/api/flist/me/upload-flist";

    @Spec
    private CommandSpec spec;

    @Option(names = "--archive", paramLabel = "FILE", description = "the flist")
    private @Nullable Path named;

    @Option(names = "--create", paramLabel = "DIRECTORY", description = "make the flist of this directory")
    private @Nullable Path create;

    @Option(names = "--list", description = "show the flist")
    private boolean list;

    @Option(names = "--action", paramLabel = "ACTION", defaultValue = "ls", description = "ls, tree, dump, json, blocks, check or cat")
    private String action = "ls";

    @Option(names = "--file", paramLabel = "PATH", defaultValue = "", description = "the file for cat")
    private String file = "";

    @Option(names = "--output", paramLabel = "FILE", description = "where cat writes")
    private @Nullable Path output;

    @Option(names = "--merge", arity = "1", paramLabel = "FILE", description = "an flist to merge into the archive; the first one wins")
    private List<Path> merge = List.of();

    @Option(names = "--backend", paramLabel = "HOST[:PORT]", defaultValue = "", description = "the store (default port: 16379)")
    private String backend = "";

    @Option(names = "--password", paramLabel = "PASSWORD", defaultValue = "", description = "the password of the store's namespace")
    private String password = "";

    @Option(names = "--token", paramLabel = "TOKEN", defaultValue = "", description = "who uploads to the hub")
    private String token = "";

    @Option(names = "--upload", arity = "0..1", paramLabel = "URL", fallbackValue = HUB, defaultValue = "", description = "put the archive on a hub (default: ${FALLBACK-VALUE})")
    private String upload = "";

    @Option(names = {"--ramdisk", "--root"}, hidden = true, description = "accepted, and not needed")
    private boolean accepted;

    @Override
    public Integer call() {
        int modes = (create == null ? 0 : 1) + (list ? 1 : 0) + (merge.isEmpty() ? 0 : 1);
        if (modes != 1) {
            throw new CliException(ExitCode.FAILED, "cannot use this zflist command line",
                    "it needs exactly one of --create, --list and --merge", "zship zflist --help");
        }
        if (named == null) {
            throw new CliException(ExitCode.FAILED, "cannot use this zflist command line", "--archive is missing",
                    "zship zflist --help");
        }
        Path archive = named;
        Session given = ((SessionSource) spec.root().userObject()).session();
        // What zflist printed as JSON was one object, or nothing else than without it.
        Session session = given.output().json() ? given.withOutput(given.output().quiet()) : given;
        Path root = create;
        if (root != null) {
            return create(session, archive, root, given.output().json());
        }
        return list
                ? list(session, archive)
                : new Edits(session, merge.getFirst()).merge(merge.subList(1, merge.size()),
                        archive);
    }

    private int create(Session session, Path archive, Path root, boolean json) {
        try (ChunkStore store = backend.isEmpty()
                ? new DiscardingStore()
                : ChunkStores.open(url(), ChunkSource.faults(session), session.patience())) {
            new Packer(store, new Packing(session.output())).pack(root, archive.toAbsolutePath(),
                    Packing.options(session));
        }
        if (!upload.isEmpty()) {
            upload(archive);
        }
        ZflistText text = new ZflistText(session.output(), Flist.open(archive));
        return json ? text.counted() : text.summary();
    }

    /** Old scripts name the address of the request; what the hub's client needs is the hub. */
    private void upload(Path archive) {
        Optional<Secret> secret = Optional.of(token).filter(it -> !it.isEmpty()).map(Secret::of);
        new HubClient(HubUrl.of(upload.replaceFirst("/api/.*$", "")), secret).upload(archive,
                String.valueOf(archive.getFileName()), HubProgress.none());
    }

    private int list(Session session, Path archive) {
        ZflistText text = new ZflistText(session.output(), Flist.open(archive));
        return switch (action) {
            case "ls" -> new Listing(session, archive).find("/", EntryFilter.of("*", "", ""));
            case "tree" -> text.tree();
            case "dump" -> new Listing(session, archive).list("/", true, true);
            case "json" -> text.json();
            case "blocks" -> text.blocks();
            case "check" -> contents(session, archive).verify(true);
            case "cat" -> Optional.ofNullable(output)
                    .map(target -> contents(session, archive).get(file, target))
                    .orElseGet(() -> contents(session, archive).cat(file));
            default -> throw new CliException(ExitCode.FAILED, "cannot do --action " + action,
                    "there is no such action here", "ls, tree, dump, json, blocks, check or cat");
        };
    }

    private Contents contents(Session session, Path archive) {
        return backend.isEmpty() ? new Contents(session, archive, "") : new Contents(session, archive, url());
    }

    private StoreUrl url() {
        StoreUrl url = StoreUrl.of("zdb://" + (backend.contains(":") ? backend : backend + ":16379"));
        return url instanceof StoreUrl.Server server && !password.isEmpty()
                ? new StoreUrl.Server(server.scheme(), server.host(), server.port(), server.namespace(),
                        Optional.of(Secret.of(password)))
                : url;
    }
}
