package zship.cli;

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
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.Flist;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;

/** {@code zship pack}: an flist and its chunks from a directory or an archive. */
@Command(name = "pack", description = "Packs a directory, a tar, a tar.gz, a tar.zst or an image into an flist, and its chunks into a store.")
final class PackCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true, description = "the flist to write")
    private Path output = Path.of("root.flist");

    @Option(names = "--store", paramLabel = "URL", defaultValue = AppSettings.LOCAL, description = "where the chunks go: local, zdb://host:port, redis://host:port, dir:///path or a router.yaml")
    private String store = AppSettings.LOCAL;

    @Option(names = "--router", paramLabel = "ROUTER.yaml", description = "put this routing table into the flist, without its passwords, so that nodes find the chunks")
    private Optional<Path> router = Optional.empty();

    @Option(names = "--repack", description = "send every chunk again, which heals altered ones")
    private boolean repack;

    @Parameters(paramLabel = "ROOT", description = "a directory, a tar, a tar.gz, a tar.zst, or a tar of an image from Docker or in OCI layout")
    private Path source = Path.of(".");

    @Override
    public Integer call() {
        Session session = root.session();
        if (!Files.exists(source)) {
            throw new CliException(ExitCode.USAGE, "cannot pack " + source, "there is no such file or directory",
                    "zship build makes a root");
        }
        try (ChunkStore chunks = ChunkSource.named(session, store)) {
            PackedFlist packed = new Packer(chunks, new Packing(session.output())).pack(source,
                    output.toAbsolutePath(), Packing.options(session).withOverwrite(repack));
            Optional<String> routed = router
                    .map(table -> Routing.with(session, Flist.open(output), table).write(output.toAbsolutePath()));
            session.output().note("%d files, %s, %d chunks: %d sent (%s), %d already there".formatted(packed.files(),
                    Sizes.bytes(packed.bytes()), packed.chunks(), packed.sentChunks(), Sizes.bytes(packed.sentBytes()),
                    packed.reusedChunks()));
            String sha256 = routed.orElse(packed.sha256());
            Map<String, Object> fields = fields(packed);
            fields.put("sha256", sha256);
            session.output().result(fields, sha256 + "  " + output);
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> fields(PackedFlist packed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("flist", packed.file().toString());
        fields.put("sha256", packed.sha256());
        fields.put("files", packed.files());
        fields.put("bytes", packed.bytes());
        fields.put("chunks", packed.chunks());
        fields.put("sent", packed.sentChunks());
        fields.put("sentBytes", packed.sentBytes());
        fields.put("reused", packed.reusedChunks());
        return fields;
    }
}
