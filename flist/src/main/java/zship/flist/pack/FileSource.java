package zship.flist.pack;

import java.io.IOException;
import java.nio.file.Path;

import zship.flist.Name;
import zship.flist.TreePath;
import zship.flist.disk.BytePaths;

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
            tree.put(TreePath.ROOT.resolve(Name.of(BytePaths.name(real))), DirectorySource.draft(real, tree, pipeline));
        } catch (IOException e) {
            throw DirectorySource.failure(file, e);
        }
    }
}
