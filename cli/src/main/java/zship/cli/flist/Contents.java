package zship.cli.flist;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.render.Output;
import zship.cli.render.Sizes;
import zship.cli.render.Tally;
import zship.cli.session.Session;
import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.disk.BytePaths;
import zship.flist.disk.Destination;
import zship.flist.disk.DiskFaults;
import zship.flist.edit.TreeEdits;
import zship.flist.inspect.Usage;
import zship.flist.inspect.Verification;
import zship.flist.pack.PackEvent;
import zship.flist.pack.PackEvents;
import zship.flist.pack.Packer;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;
import zship.flist.unpack.FileContents;
import zship.flist.unpack.UnpackedTree;
import zship.flist.unpack.Unpacker;

/** The commands that move or check chunks. */
final class Contents {
    private final Session session;
    private final Path flistFile;
    private final Flist flist;
    private final Function<Flist, ChunkStore> opener;
    private final Function<Flist, ChunkStore> writing;

    /** Works with the store named, or the one that {@link ChunkSource} finds when the name is empty. */
    Contents(Session session, Path file, String storeUrl) {
        this(session, file, flist -> ChunkSource.open(session, file, flist, storeUrl),
                flist -> ChunkSource.openForWriting(session, file, flist, storeUrl));
    }

    /** Works with the store behind an address. */
    Contents(Session session, Path file, StoreUrl store) {
        this(session, file, flist -> ChunkStores.openExisting(store, ChunkSource.faults(session), session.patience()),
                flist -> ChunkStores.open(store, ChunkSource.faults(session), session.patience()));
    }

    private Contents(Session session, Path file, Function<Flist, ChunkStore> opener,
            Function<Flist, ChunkStore> writing) {
        this.session = session;
        this.flistFile = file;
        this.flist = Flist.open(file);
        this.opener = opener;
        this.writing = writing;
    }

    int cat(String text) {
        TreePath path = Trees.path(text);
        FileEntry entry = Trees.file(flist, path);
        long size;
        try (ChunkStore store = store(); OutputStream out = contentOutput()) {
            size = new FileContents(store).copy(path, entry, out);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write " + path + " to the standard output",
                    DiskFaults.reason(e), "check where the output goes");
        }
        noteShortened(path, entry, size);
        output().result(Map.of("path", path.toString(), "size", size), "");
        return ExitCode.OK;
    }

    /** With {@code --json} content travels in events too, since nothing else may be on the standard output. */
    private OutputStream contentOutput() {
        return output().json()
                ? new ContentEvents(output())
                : new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    }

    int get(String text, Path named) {
        TreePath path = Trees.path(text);
        FileEntry entry = Trees.file(flist, path);
        Path target = (Files.isDirectory(named) ? BytePaths.child(named, entry.name().bytes()) : named)
                .toAbsolutePath();
        long[] size = new long[1];
        try (ChunkStore store = store()) {
            Destination destination = Destination.of(target);
            destination.write(out -> size[0] = new FileContents(store).copy(path, entry, out));
            if (destination.isFile()) {
                adorn(entry, destination.path());
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write " + target, DiskFaults.reason(e),
                    DiskFaults.hint(e, "check that the folder exists, is writable and has space left"));
        }
        noteShortened(path, entry, size[0]);
        output().result(Map.of("path", path.toString(), "target", target.toString(), "size", size[0]), "");
        return ExitCode.OK;
    }

    private void noteShortened(TreePath path, FileEntry entry, long size) {
        if (size < entry.size()) {
            noteShortened(path);
        }
    }

    private void noteShortened(TreePath path) {
        output().note(path + " is shorter than the flist promises");
    }

    int put(Path source, String text) {
        TreePath path = Trees.path(text);
        TreePath target = flist.lookup(path).filter(Directory.class::isInstance).isPresent()
                ? path.resolve(Name.of(BytePaths.name(source.toAbsolutePath().normalize())))
                : path;
        FileEntry entry;
        try (ChunkStore store = writing.apply(flist)) {
            entry = new Packer(store, packing()).encodeFile(source, Packing.options(session));
        }
        return new Edits(session, flistFile).apply(current -> TreeEdits.put(current, target, entry));
    }

    int putDirectory(Path source, String text) {
        TreePath path = Trees.path(text);
        Trees.directory(flist, path);
        Directory tree;
        try (ChunkStore store = writing.apply(flist)) {
            tree = new Packer(store, packing()).encode(source, Packing.options(session));
        }
        return new Edits(session, flistFile).apply(current -> TreeEdits.putAll(current, path, tree));
    }

    int listChunks() {
        flist.chunkIds().forEach(id -> {
            if (output().json()) {
                output().event("chunk", Map.of("id", id.toString()));
            } else {
                output().line(id.toString());
            }
        });
        output().result(Map.of("chunks", flist.chunkIds().size()), "");
        return ExitCode.OK;
    }

    int verify(boolean content) {
        Portability.check(flistFile, output());
        Verification found;
        try (ChunkStore store = store(); Tally verified = new Tally(output(), "verified", 0)) {
            found = content
                    ? Verification.ofContent(flist, store, verified)
                    : Verification.ofExistence(flist, store);
        }
        for (Verification.Fault fault : found.faults()) {
            if (output().json()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fault.id().ifPresent(id -> fields.put("id", id.toString()));
                fields.put("path", fault.file().toString());
                fields.put("why", fault.why());
                output().event("fault", fields);
            } else {
                output().line(fault.id().map(id -> id + "  ").orElse("") + fault.file() + ": " + fault.why());
            }
        }
        output().result(
                Map.of("sound", found.isSound(), "chunks", found.chunks(), "bytes", found.bytes(), "faults",
                        found.faults().size()),
                found.chunks() + " chunks, " + (content ? Sizes.bytes(found.bytes()) + " fetched, " : "")
                        + (found.isSound() ? "all sound" : found.faults().size() + " unusable"));
        return found.isSound() ? ExitCode.OK : ExitCode.FAILED;
    }

    int unpack(Path target, boolean resume) {
        UnpackedTree made;
        try (ChunkStore store = store();
                Tally unpacked = new Tally(output(), "unpacked", Usage.of(TreePath.ROOT, flist.root()).bytes())) {
            Unpacker unpacker = new Unpacker(store, unpacked);
            made = resume ? unpacker.resume(flist, target) : unpacker.unpack(flist, target);
        }
        made.shortened().forEach(this::noteShortened);
        made.skipped().forEach(path -> output().note(path
                + " was left out: only root can make devices, and only with numbers that the system knows"));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("target", target.toString());
        fields.put("files", made.files());
        fields.put("directories", made.directories());
        fields.put("links", made.links());
        fields.put("specials", made.specials());
        fields.put("bytes", made.bytes());
        fields.put("kept", made.kept());
        output().result(fields, "%d files, %d directories, %d links, %s".formatted(made.files(), made.directories(),
                made.links(), Sizes.bytes(made.bytes())));
        return ExitCode.OK;
    }

    private static void adorn(FileEntry entry, Path target) throws IOException {
        String rights = entry.permissions().withMode(entry.permissions().mode() & 0777).modeText();
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(rights));
        Files.setLastModifiedTime(target, FileTime.fromMillis(entry.attributes().modified() * 1000));
    }

    /** What nodes drop is told by {@link Edits}, which knows what was in the flist before, and where. */
    private PackEvents packing() {
        Packing packing = new Packing(output());
        return event -> {
            if (!(event instanceof PackEvent.Warned warned && warned.loss().isOfNodes())) {
                packing.on(event);
            }
        };
    }

    private ChunkStore store() {
        return opener.apply(flist);
    }

    private Output output() {
        return session.output();
    }
}
