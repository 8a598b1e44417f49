package zship.cli.flist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.flist.Flist;
import zship.flist.disk.DiskFaults;
import zship.flist.mount.ChunkCache;
import zship.flist.mount.FlistMount;
import zship.flist.mount.MountStatus;
import zship.flist.store.ChunkStore;

/** {@code mount}: the tree as a read-only file system, until it is unmounted or the command is told to end. */
final class Mounting {
    private final Session session;
    private final Path file;
    private final Flist flist;

    Mounting(Session session, Path file) {
        this.session = session;
        this.file = file;
        this.flist = Flist.open(file);
    }

    int mount(Path target, String storeUrl, long cacheBytes, boolean prefetch) {
        try (ChunkStore store = ChunkSource.open(session, file, flist, storeUrl);
                FlistMount mount = FlistMount.open(flist, String.valueOf(file.getFileName()), target, store,
                        cache(cacheBytes))) {
            if (prefetch) {
                mount.prefetch();
            }
            Thread end = new Thread(mount::close, "unmount");
            Runtime.getRuntime().addShutdownHook(end);
            session.output().event("mounted", Map.of("target", mount.target().toString()));
            session.output().note(file + " is mounted at " + mount.target() + " (Ctrl-C or umount ends it)");
            mount.awaitEnd();
            report(mount);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK;
    }

    private void report(FlistMount mount) {
        MountStatus status = mount.status();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("target", mount.target().toString());
        fields.put("chunks", status.chunks());
        fields.put("fetched", status.fetched());
        fields.put("fetchedBytes", status.fetchedBytes());
        session.output().result(fields, "unmounted; %d of %d chunks were fetched, %s".formatted(status.fetched(),
                status.chunks(), Sizes.bytes(status.fetchedBytes())));
    }

    private ChunkCache cache(long bytes) {
        Path directory = session.folders().cache().resolve("chunks");
        try {
            return ChunkCache.open(directory, bytes);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot keep chunks in " + directory, DiskFaults.reason(e),
                    "check that the folder can be written and has space left");
        }
    }
}
