package zship.flist.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import zship.flist.FlistException;
import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.disk.BytePaths;
import zship.flist.disk.FileStatus;

/** A single file on disk, as a tree with one entry. */
final class FileSource implements TreeSource {
    private final Path file;

    FileSource(Path file) {
        this.file = file;
    }

    @Override
    public void read(DraftTree tree, ChunkPipeline pipeline) {
        try {
            Path real = file.toRealPath();
            refuseUnsized(real);
            tree.put(TreePath.ROOT.resolve(Name.of(BytePaths.name(real))), DirectorySource.draft(real, tree, pipeline));
        } catch (IOException e) {
            throw DirectorySource.failure(file, e);
        }
    }

    /** An flist would have it without content. */
    private static void refuseUnsized(Path file) throws IOException {
        FileStatus status = FileStatus.of(file);
        if (status.type() != FileStatus.REGULAR || status.size() != 0) {
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (in.read() >= 0) {
                throw new FlistException(FlistException.Kind.FAILED, "read " + file,
                        "it tells a size of 0 and has content, as files of /proc have",
                        "copy it with cp, and put the copy");
            }
        }
    }
}
