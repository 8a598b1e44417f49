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
import zship.cli.peer.NodeProcess;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

/** {@code zship pack}: an flist and its chunks from a directory or an archive. */
@Command(name = "pack", description = "Packs a directory, a tar, a tar.gz or an image into an flist, and its chunks into a store.")
final class PackCommand implements Callable<Integer> {
    @ParentCommand
    private SessionSource root;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true, description = "the flist to write")
    private Path output = Path.of("root.flist");

    @Option(names = "--store", paramLabel = "URL", defaultValue = AppSettings.LOCAL, description = "where the chunks go: local, zdb://host:port, redis://host:port or dir:///path")
    private String store = AppSettings.LOCAL;

    @Option(names = "--repack", description = "send every chunk again, which heals altered ones")
    private boolean repack;

    @Parameters(paramLabel = "ROOT", description = "a directory, a tar, a tar.gz, or a tar of an image from Docker or in OCI layout")
    private Path source = Path.of(".");

    @Override
    public Integer call() {
        Session session = root.session();
        if (!Files.exists(source)) {
            throw new CliException(ExitCode.USAGE, "cannot pack " + source, "there is no such file or directory",
                    "zship build makes a root");
        }
        String url = store.equals(AppSettings.LOCAL) ? new NodeProcess(session).findOrStart().storeUrl() : store;
        try (ChunkStore chunks = ChunkStores.open(StoreUrl.of(url))) {
            PackedFlist packed = new Packer(chunks, new PackProgress(session.output())).pack(source,
                    output.toAbsolutePath(),
                    PackOptions.DEFAULT.withOverwrite(repack).withCreated(created(session)));
            session.output().note("%d files, %s, %d chunks: %d sent (%s), %d already there".formatted(packed.files(),
                    Sizes.bytes(packed.bytes()), packed.chunks(), packed.sentChunks(), Sizes.bytes(packed.sentBytes()),
                    packed.reusedChunks()));
            session.output().result(fields(packed), packed.sha256() + "  " + output);
        }
        return ExitCode.OK;
    }

    private static long created(Session session) {
        return Optional.ofNullable(session.environment().get("SOURCE_DATE_EPOCH"))
                .filter(it -> it.matches("[0-9]{1,10}"))
                .map(Long::parseLong).orElse(0L);
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
