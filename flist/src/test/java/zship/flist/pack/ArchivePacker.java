package zship.flist.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import zship.flist.Flist;
import zship.flist.FlistException;
import zship.flist.store.ChunkStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Packs archives that are in memory, with room for a tree of 4 MiB, all of whose directories wait on the disk. */
record ArchivePacker(Path work, ChunkStore store) {
    Flist pack(byte[] archive) throws IOException {
        Path source = Files.write(work.resolve("archive"), archive);
        Path flist = work.resolve("flist");
        new Packer(store, PackEvents.none()).pack(source, flist,
                PackOptions.DEFAULT.withRoom(new PackOptions.Room(1, 4 << 20, 4 << 20)));
        return Flist.open(flist);
    }

    void assertRefused(byte[] archive, String why) {
        assertThatThrownBy(() -> pack(archive)).isInstanceOfSatisfying(FlistException.class, e -> {
            assertThat(e.kind()).isEqualTo(FlistException.Kind.DAMAGED);
            assertThat(e.why()).contains(why);
        });
    }
}
