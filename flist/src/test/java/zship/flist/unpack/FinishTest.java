package zship.flist.unpack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import zship.flist.Attributes;
import zship.flist.FileEntry;
import zship.flist.Name;
import zship.flist.Permissions;
import zship.flist.TreePath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FinishTest {
    private static final int FILES = 2000;
    private static final long TIME = 1_234_567_890L;

    @TempDir
    private Path folder;

    /** So that nothing changes files any more when the failure is told, and it is the same one each time. */
    @Test
    void filesAfterOneThatFailsAreFinishedAndTheFirstFailureIsTold() throws IOException {
        List<OutputFile> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path disk = folder.resolve("file" + i);
            if (i % 500 != 250) {
                Files.writeString(disk, "x");
            }
            files.add(file(disk));
        }
        Finish finish = new Finish(OwnerNumbers.of("", ""), DiskOwner.in(folder), true);
        assertThatThrownBy(() -> finish.files(files)).isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("file250");
        for (OutputFile file : files) {
            if (Files.exists(file.disk())) {
                assertThat(Files.getLastModifiedTime(file.disk()).toInstant().getEpochSecond()).isEqualTo(TIME);
                assertThat((int) Files.getAttribute(file.disk(), "unix:mode") & 07777).isEqualTo(0640);
            }
        }
    }

    private static OutputFile file(Path disk) throws IOException {
        int uid = (int) Files.getAttribute(disk.getParent(), "unix:uid");
        int gid = (int) Files.getAttribute(disk.getParent(), "unix:gid");
        Attributes attributes = new Attributes(new Permissions("u", "g", 0640, uid, gid), TIME, 0);
        Name name = Name.of(disk.getFileName().toString());
        return new OutputFile(new FileEntry(name, attributes, 1, 524_288, List.of()), TreePath.ROOT.resolve(name),
                disk);
    }
}
