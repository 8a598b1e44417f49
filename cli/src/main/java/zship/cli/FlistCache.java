package zship.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.disk.DiskFaults;
import zship.flist.hub.ChunkSupply;
import zship.flist.pack.PackEvent;
import zship.flist.pack.PackOptions;
import zship.flist.pack.PackedFlist;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.ReplicaFault;
import zship.flist.store.StorePatience;
import zship.flist.store.StoreUrl;

/**
 * Flists by the digest of the archive they were made of, in {@code flists/} of the cache folder. One that is there is
 * used again when the store still has every chunk of it.
 */
final class FlistCache {
    private static final String ARCHIVE = ".archive";

    private final Path folder;
    private final StorePatience patience;

    FlistCache(Path cache, StorePatience patience) {
        this.folder = cache.resolve("flists");
        this.patience = patience;
    }

    private ChunkStore open(String store) {
        return ChunkStores.open(StoreUrl.of(store), ReplicaFault.Listener.none(), patience);
    }

    /**
     * Where chunks go, and how.
     *
     * @param store the store
     * @param overwrite send all chunks again, which heals altered ones
     */
    record Target(String store, boolean overwrite) {
    }

    /**
     * An flist whose chunks are in the store.
     *
     * @param file the flist
     * @param sha256 its digest
     * @param chunks how many chunks it names
     * @param sentChunks how many of them were sent now
     * @param sentBytes their bytes as stored
     * @param cached whether nothing had to be done
     */
    record Packed(Path file, String sha256, int chunks, int sentChunks, long sentBytes, boolean cached) {

        Map<String, Object> fields() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("flist", file.toString());
            fields.put("sha256", sha256);
            fields.put("chunks", chunks);
            fields.put("sent", sentChunks);
            fields.put("sentBytes", sentBytes);
            fields.put("cached", cached);
            return fields;
        }
    }

    /** Told how many bytes were read and sent so far. */
    interface Listener {
        void progress(long read, long sent);
    }

    Packed pack(Path archive, String archiveSha256, Target target, Listener listener) {
        Path flist = folder.resolve(archiveSha256 + ".flist");
        try (ChunkStore store = open(target.store())) {
            if (!target.overwrite()) {
                Optional<Packed> known = known(flist, store);
                if (known.isPresent()) {
                    return known.get();
                }
            }
            Path own = hold(archive, archiveSha256);
            try {
                PackedFlist packed = new Packer(store, counting(listener)).pack(own, flist,
                        PackOptions.DEFAULT.withOverwrite(target.overwrite()));
                Packed result = new Packed(flist, packed.sha256(), packed.chunks(), packed.sentChunks(),
                        packed.sentBytes(), false);
                remember(result);
                return result;
            } finally {
                Files.deleteIfExists(own);
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write into " + folder, DiskFaults.reason(e),
                    "check the folder's owner and free space");
        }
    }

    /** A second name for the archive: another build may take the first away before it is packed. */
    private Path hold(Path archive, String sha256) throws IOException {
        removeNamesOfTheDead();
        Path own = folder.resolve(sha256 + "." + ProcessHandle.current().pid() + ARCHIVE);
        try {
            Files.deleteIfExists(own);
            linkOrCopy(own, archive);
            if (Digests.sha256(own).equals(sha256)) {
                return own;
            }
            Files.delete(own);
        } catch (NoSuchFileException gone) {
            Files.deleteIfExists(own);
        }
        throw new CliException(ExitCode.FAILED, "cannot pack " + archive,
                "another build with other settings has replaced it", "run the same command again");
    }

    /** What a process that was killed while it packed has left. */
    private void removeNamesOfTheDead() throws IOException {
        try (DirectoryStream<Path> held = Files.newDirectoryStream(Files.createDirectories(folder), "*.*" + ARCHIVE)) {
            for (Path name : held) {
                String pid = name.getFileName().toString().replaceFirst("^.*\\.(\\d{1,10})\\" + ARCHIVE + "$", "$1");
                if (pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(name);
                }
            }
        }
    }

    private static void linkOrCopy(Path own, Path archive) throws IOException {
        try {
            Files.createLink(own, archive);
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (FileSystemException | UnsupportedOperationException otherFileSystem) {
            Files.copy(archive, own);
        }
    }

    /** Sends every chunk of an archive again when a hub's store lacks some. */
    ChunkSupply supply(Path archive, String archiveSha256, String store) {
        return (flist, named) -> new ChunkSupply.Sent(
                pack(archive, archiveSha256, new Target(store, true), (read, sent) -> {
                }).sentChunks(), Set.of());
    }

    /** The flist of an archive when it is packed and the store has all its chunks. */
    Optional<Packed> find(String archiveSha256, String storeUrl) {
        StoreUrl url = StoreUrl.of(storeUrl);
        if (url instanceof StoreUrl.Folder chunks && !Files.isDirectory(chunks.path())) {
            return Optional.empty();
        }
        try (ChunkStore store = open(storeUrl)) {
            return known(folder.resolve(archiveSha256 + ".flist"), store);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot read in " + folder, DiskFaults.reason(e),
                    "check the folder's owner");
        }
    }

    /** The flist made before, when it is whole and the store has all its chunks. */
    private static Optional<Packed> known(Path flist, ChunkStore store) throws IOException {
        Path notes = notes(flist);
        if (!Files.exists(flist) || !Files.exists(notes)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(notes.toFile());
            boolean whole = Digests.sha256(flist).equals(json.path("sha256").asString(""));
            if (whole && Packer.missingChunks(Flist.open(flist), store).isEmpty()) {
                return Optional.of(new Packed(flist, json.path("sha256").asString(), json.path("chunks").asInt(), 0, 0,
                        true));
            }
            return Optional.empty();
        } catch (JacksonException | FlistException e) {
            return Optional.empty();
        }
    }

    private static void remember(Packed packed) throws IOException {
        Path notes = notes(packed.file());
        Path temporary = notes.resolveSibling(notes.getFileName() + ".new");
        Files.writeString(temporary, JsonMapper.shared()
                .writeValueAsString(Map.of("sha256", packed.sha256(), "chunks", packed.chunks())));
        Files.move(temporary, notes, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path notes(Path flist) {
        return flist.resolveSibling(flist.getFileName() + ".json");
    }

    private static zship.flist.pack.PackEvents counting(Listener listener) {
        AtomicLong read = new AtomicLong();
        AtomicLong sent = new AtomicLong();
        return event -> {
            switch (event) {
                case PackEvent.Read it -> read.addAndGet(it.bytes());
                case PackEvent.Sent it -> sent.addAndGet(it.bytes());
                case PackEvent.Reused it -> sent.addAndGet(0);
                case PackEvent.Warned it -> sent.addAndGet(0);
            }
            listener.progress(read.get(), sent.get());
        };
    }
}
