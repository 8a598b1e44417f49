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
import zship.flist.pack.PackEvents;
import zship.flist.pack.PackOptions;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

/** {@code zship zflist}: the command line of zflist as it was from 2018 to 2019, so that scripts of that time go on working. */
@Command(name = "zflist", description = "Accepts the command line that zflist had in 2018 and 2019.")
public final class ZflistCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--archive", required = true, paramLabel = "FILE", description = "the flist")
    private Path archive = Path.of("");

    @Option(names = "--create", paramLabel = "DIRECTORY", description = "make the flist of this directory")
    private @Nullable Path create;

    @Option(names = "--list", description = "show the flist")
    private boolean list;

    @Option(names = "--action", paramLabel = "ACTION", defaultValue = "ls", description = "ls, json, blocks, check or cat")
    private String action = "ls";

    @Option(names = "--file", paramLabel = "PATH", defaultValue = "", description = "the file for cat")
    private String file = "";

    @Option(names = "--output", paramLabel = "FILE", description = "where cat writes")
    private @Nullable Path output;

    @Option(names = "--merge", arity = "1", paramLabel = "FILE", description = "an flist to merge into the archive; the first one wins")
    private List<Path> merge = List.of();

    @Option(names = "--backend", paramLabel = "HOST[:PORT]", defaultValue = "", description = "the store (default port: 16379)")
    private String backend = "";

    @Override
    public Integer call() {
        int modes = (create == null ? 0 : 1) + (list ? 1 : 0) + (merge.isEmpty() ? 0 : 1);
        if (modes != 1) {
            throw new CliException(ExitCode.FAILED, "cannot use this zflist command line",
                    "it needs exactly one of --create, --list and --merge", "zship zflist --help");
        }
        Session session = ((SessionSource) spec.root().userObject()).session();
        Path root = create;
        if (root != null) {
            return create(session, root);
        }
        return list
                ? list(session)
                : new Edits(session, merge.getFirst()).merge(merge.subList(1, merge.size()),
                        archive);
    }

    private int create(Session session, Path root) {
        try (ChunkStore store = url().isEmpty() ? new DiscardingStore() : ChunkStores.open(StoreUrl.of(url()))) {
            new Packer(store, PackEvents.none()).pack(root, archive.toAbsolutePath(), PackOptions.DEFAULT);
        }
        new ZflistText(session.output(), Flist.open(archive)).summary();
        return ExitCode.OK;
    }

    private int list(Session session) {
        ZflistText text = new ZflistText(session.output(), Flist.open(archive));
        return switch (action) {
            case "ls" -> new Listing(session, archive).find("/", EntryFilter.of("*", "", ""));
            case "json" -> text.json();
            case "blocks" -> text.blocks();
            case "check" -> new Contents(session, archive, url()).verify(true);
            case "cat" -> Optional.ofNullable(output)
                    .map(target -> new Contents(session, archive, url()).get(file, target))
                    .orElseGet(() -> new Contents(session, archive, url()).cat(file));
            default -> throw new CliException(ExitCode.FAILED, "cannot do --action " + action,
                    "there is no such action here", "ls, json, blocks, check or cat");
        };
    }

    private String url() {
        if (backend.isEmpty()) {
            return "";
        }
        return "zdb://" + (backend.contains(":") ? backend : backend + ":16379");
    }
}
