package zship.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.flist.ChunkSource;
import zship.cli.flist.Packing;
import zship.cli.flist.Routing;
import zship.cli.flist.TrialStore;
import zship.cli.peer.NodeProcess;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.DiscardingStore;
import zship.flist.store.StoreUrl;

/** {@code zship pack}: an flist and its chunks from a directory or an archive. */
@Command(name = "pack", description = "Packs a directory, a tar, a tar.gz, a tar.zst or an image into an flist, and its chunks into a store.")
final class PackCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "the flist to write (default: NAME.flist)")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "what the flist is called (default: as what is packed)")
    private Optional<String> name = Optional.empty();

    @Option(names = "--store", paramLabel = "URL", defaultValue = AppSettings.LOCAL, description = "where the chunks go: local, zdb://host:port, redis://host:port, dir:///path or a router.yaml")
    private String store = AppSettings.LOCAL;

    @Option(names = "--router", paramLabel = "ROUTER.yaml", description = "put this routing table into the flist, without its passwords, so that nodes find the chunks")
    private Optional<Path> router = Optional.empty();

    @Option(names = "--repack", description = "send every chunk again, which heals altered ones")
    private boolean repack;

    @Option(names = "--dry-run", description = "only tell what would be sent: nothing is, and no flist is written")
    private boolean dry;

    @Parameters(paramLabel = "ROOT", description = "a directory, a tar, a tar.gz, a tar.zst, or a tar of an image from Docker or in OCI layout")
    private Path source = Path.of(".");

    @Override
    public Integer call() {
        Session session = root.session();
        if (!Files.exists(source)) {
            throw new CliException(ExitCode.USAGE, "cannot pack " + source, "there is no such file or directory",
                    "zship build makes a root");
        }
        Packing.requireStoreOutside(source, store);
        Path flist = flist();
        noteInside(session, flist);
        return dry ? look(session, flist) : pack(session, flist);
    }

    private int pack(Session session, Path flist) {
        requireFile(flist);
        try (ChunkStore chunks = ChunkSource.named(session, store)) {
            PackedFlist packed = new Packer(chunks, new Packing(session.output())).pack(source, flist.toAbsolutePath(),
                    options(session));
            tell(session, packed, "%d sent (%s)");
            session.output().result(fields(packed, flist), packed.sha256() + "  " + flist);
        }
        return ExitCode.OK;
    }

    private PackOptions options(Session session) {
        return Packing.options(session).withOverwrite(repack)
                .withRouter(router.map(table -> Routing.text(session, table)));
    }

    /** The next run would pack what this one writes. */
    private void noteInside(Session session, Path flist) {
        Path packed = source.toAbsolutePath().normalize();
        if (Files.isDirectory(source) && flist.toAbsolutePath().normalize().startsWith(packed)) {
            session.output().note("warning: " + flist + " is inside of " + source
                    + ", and will be in the flist when it is packed again; name another place with --output");
        }
    }

    /** Told before everything is read and sent. */
    private static void requireFile(Path flist) {
        try {
            Destination.of(flist).file();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write the flist " + flist, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the folder exists"));
        }
    }

    private int look(Session session, Path flist) {
        try (ChunkStore chunks = isThere(session)
                ? new TrialStore(ChunkSource.named(session, store))
                : new DiscardingStore()) {
            PackedFlist packed = TrialStore.pack(chunks, new Packing(session.output()), source, options(session));
            tell(session, packed, "%d would be sent (%s)");
            Map<String, Object> fields = fields(packed, flist);
            fields.put("dryRun", true);
            session.output().result(fields, packed.sha256() + "  " + flist);
        }
        return ExitCode.OK;
    }

    /** A store that would first have to be made or started has nothing. */
    private boolean isThere(Session session) {
        if (store.equals(AppSettings.LOCAL)) {
            return new NodeProcess(session).find().isPresent();
        }
        return !(StoreUrl.of(store) instanceof StoreUrl.Folder folder) || Files.isDirectory(folder.path());
    }

    /** Files of an image are sent before it is known whether a later layer replaces or removes them. */
    private static void tell(Session session, PackedFlist packed, String sent) {
        int unused = packed.unusedChunks();
        session.output().note(("%d files, %s, %d chunks%s: " + sent + ", %d already there").formatted(packed.files(),
                Sizes.bytes(packed.bytes()), packed.chunks(),
                unused == 0 ? "" : " and %d of files that were replaced or removed later".formatted(unused),
                packed.sentChunks(), Sizes.bytes(packed.sentBytes()), packed.reusedChunks()));
    }

    private Path flist() {
        if (name.filter(it -> it.isEmpty() || it.contains("/")).isPresent()) {
            throw new CliException(ExitCode.USAGE, "cannot name the flist '" + name.get() + "'",
                    "it is no name of a file", "--output FILE writes it anywhere");
        }
        return output.orElseGet(() -> Path.of(name.orElseGet(() -> called(source)) + ".flist"));
    }

    /** The name of a directory, or that of an archive without what it ends with. */
    private static String called(Path source) {
        Path last = source.toAbsolutePath().normalize().getFileName();
        return last == null ? "root" : last.toString().replaceFirst("\\.(tar(\\.(gz|zst))?|tgz)$", "");
    }

    private static Map<String, Object> fields(PackedFlist packed, Path flist) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("flist", flist.toAbsolutePath().toString());
        fields.put("sha256", packed.sha256());
        fields.put("files", packed.files());
        fields.put("bytes", packed.bytes());
        fields.put("chunks", packed.chunks());
        fields.put("sent", packed.sentChunks());
        fields.put("sentBytes", packed.sentBytes());
        fields.put("reused", packed.reusedChunks());
        fields.put("unused", packed.unusedChunks());
        return fields;
    }
}
