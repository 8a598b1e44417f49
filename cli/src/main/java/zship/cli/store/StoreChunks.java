package zship.cli.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import zship.cli.config.AppSettings;
import zship.cli.config.SecretSource;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.flist.ChunkSource;
import zship.cli.peer.NodeProcess;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.session.Session;
import zship.cli.session.SmallFile;
import zship.flist.Flist;
import zship.flist.chunk.ChunkCodec;
import zship.flist.chunk.ChunkId;
import zship.flist.disk.ChangingTree;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.flist.transfer.ChunkCopy;

/** What {@code zship store} does with one store. */
final class StoreChunks {
    private static final Pattern CHUNK = Pattern.compile("[0-9a-f]{32}");

    private final Session session;
    private final Output output;
    private final StoreUrl url;

    private StoreChunks(Session session, StoreUrl url) {
        this.session = session;
        this.output = session.output();
        this.url = url;
    }

    static StoreChunks of(Session session, String text, String password) {
        StoreUrl url = StoreUrl.of(
                text.equals(AppSettings.LOCAL) ? new NodeProcess(session).storeUrl() : text);
        if (!password.isEmpty() && url instanceof StoreUrl.Server server) {
            url = new StoreUrl.Server(server.scheme(), server.host(), server.port(), server.namespace(), Optional
                    .of(SecretSource.of(password).read("--password", session.environment(), session.input())));
        }
        return new StoreChunks(session, url);
    }

    int ping() {
        try (ChunkStore store = existing()) {
            long started = System.nanoTime();
            store.missing(List.of(new ChunkId(0, 0)));
            double millis = Duration.ofNanos(System.nanoTime() - started).toNanos() / 1e6;
            output.result(Map.of("store", url.toString(), "milliseconds", millis),
                    "%s answers in %.1f ms".formatted(url, millis));
        }
        return ExitCode.OK;
    }

    int has(List<String> texts) {
        List<ChunkId> ids = texts.stream().map(StoreChunks::id).toList();
        Set<ChunkId> missing;
        try (ChunkStore store = existing()) {
            missing = store.missing(ids);
        }
        for (ChunkId id : ids) {
            boolean there = !missing.contains(id);
            if (output.json()) {
                output.event("chunk", Map.of("id", id.toString(), "there", there));
            } else {
                output.line(id + (there ? "  there" : "  missing"));
            }
        }
        output.result(Map.of("there", ids.size() - missing.size(), "missing", missing.size()), "");
        return missing.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    int get(String text, Path target) {
        ChunkId id = id(text);
        byte[] data;
        try (ChunkStore store = existing()) {
            data = store.get(id).orElseThrow(() -> new CliException(ExitCode.FAILED, "cannot get chunk " + id,
                    "it is not in " + url, "zship store has URL ID"));
        }
        if (!ChunkCodec.idOf(data).equals(id)) {
            throw new CliException(ExitCode.FAILED, "cannot use chunk " + id + " of " + url,
                    "it is altered: its bytes hash to " + ChunkCodec.idOf(data), "pack with --repack heals it");
        }
        try {
            Destination.of(target).write(out -> out.write(data));
        } catch (IOException e) {
            throw unusable("write", target, e);
        }
        output.result(Map.of("id", id.toString(), "bytes", data.length, "target", target.toString()), "");
        return ExitCode.OK;
    }

    int put(List<Path> files) {
        try (ChunkStore store = writable()) {
            for (Path file : files) {
                byte[] data = read(file);
                ChunkId id = ChunkCodec.idOf(data);
                store.put(id, data);
                if (output.json()) {
                    output.event("chunk", Map.of("id", id.toString(), "file", file.toString()));
                } else {
                    output.line(id.toString());
                }
            }
        }
        output.result(Map.of("stored", files.size()), "");
        return ExitCode.OK;
    }

    int stat(List<Path> flists) {
        Set<ChunkId> ids = ids(flists);
        int there;
        try (ChunkStore store = existing()) {
            there = ids.size() - store.missing(ids).size();
        }
        output.result(Map.of("store", url.toString(), "chunks", ids.size(), "there", there),
                "%s: %d of %d chunks are there".formatted(url, there, ids.size()));
        return ExitCode.OK;
    }

    int copy(StoreChunks other, List<Path> flists) {
        Set<ChunkId> ids = ids(flists);
        ChunkCopy copy;
        try (ChunkStore source = existing();
                ChunkStore target = other.writable()) {
            copy = ChunkCopy.of(ids, source, target,
                    (done, of) -> output.event("progress", Map.of("done", done, "of", of)));
        }
        copy.faults().forEach((id, why) -> {
            output.event("fault", Map.of("id", id.toString(), "why", why));
            if (!output.json()) {
                output.line(id + ": " + why);
            }
        });
        output.result(Map.of("present", copy.present(), "copied", copy.copied(), "bytes", copy.bytes(), "faults",
                copy.faults().size()),
                "%d chunks copied (%s), %d already there, %d unusable".formatted(copy.copied(),
                        Sizes.bytes(copy.bytes()), copy.present(), copy.faults().size()));
        return copy.faults().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private ChunkStore existing() {
        return ChunkStores.openExisting(url, ChunkSource.faults(session), session.patience());
    }

    private ChunkStore writable() {
        return ChunkStores.open(url, ChunkSource.faults(session), session.patience());
    }

    private Set<ChunkId> ids(List<Path> flists) {
        Set<ChunkId> ids = new LinkedHashSet<>();
        flists.forEach(file -> ids.addAll(Flist.open(file).chunkIds()));
        if (!flists.isEmpty()) {
            return ids;
        }
        if (!(url instanceof StoreUrl.Folder folder)) {
            throw new CliException(ExitCode.USAGE, "cannot list the chunks of " + url, "a server does not list them",
                    "name what you mean with --flist FILE");
        }
        existing().close();
        Set<String> names = new TreeSet<>();
        try {
            ChangingTree.visit(folder.path(), 2, (path, attributes) -> {
                String name = path.getFileName().toString();
                if (CHUNK.matcher(name).matches()) {
                    names.add(name);
                }
            });
        } catch (IOException e) {
            throw unusable("list", folder.path(), e);
        }
        names.forEach(name -> ids.add(ChunkId.of(name)));
        return ids;
    }

    private static byte[] read(Path file) {
        try {
            return SmallFile.read(file, ChunkCodec.MAX_STORED)
                    .orElseThrow(() -> new CliException(ExitCode.USAGE, "cannot store " + file,
                            "a chunk has at most 8 MiB", "zship flist put stores files of any size"));
        } catch (IOException e) {
            throw unusable("read", file, e);
        }
    }

    private static CliException unusable(String verb, Path path, IOException e) {
        return new CliException(ExitCode.FAILED, "cannot " + verb + " " + path, DiskFaults.reason(e),
                DiskFaults.hint(e, "check that it exists and what you may do there"));
    }

    private static ChunkId id(String text) {
        try {
            return ChunkId.of(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, "cannot use the chunk id " + text,
                    "an id has 32 hexadecimal digits", "zship flist stat FILE PATH shows ids");
        }
    }
}
