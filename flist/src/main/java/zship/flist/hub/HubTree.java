package zship.flist.hub;

import tools.jackson.databind.JsonNode;

import zship.flist.Directory;
import zship.flist.FileEntry;
import zship.flist.Flist;
import zship.flist.LinkEntry;

/**
 * What a hub read in an flist.
 *
 * @param files regular files
 * @param links symbolic links
 * @param directories directories without the root
 * @param special devices, pipes and sockets
 * @param bytes of all regular files
 */
public record HubTree(long files, long links, long directories, long special, long bytes) {
    static HubTree of(JsonNode json) {
        return new HubTree(json.path("regular").asLong(0), json.path("symlink").asLong(0),
                json.path("directory").asLong(0), json.path("special").asLong(0), json.path("fullsize").asLong(0));
    }

    /** What is in an flist, counted as hubs do. */
    static HubTree of(Flist flist) {
        long[] counts = new long[5];
        flist.walk((path, entry) -> {
            switch (entry) {
                case FileEntry file -> {
                    counts[0]++;
                    counts[4] += file.size();
                }
                case LinkEntry link -> counts[1]++;
                case Directory directory -> counts[2]++;
                default -> counts[3]++;
            }
        });
        return new HubTree(counts[0], counts[1], counts[2], counts[3], counts[4]);
    }

    /** Whether both have the same; directories do not count, as hubs count those of an archive too high. */
    boolean agrees(HubTree other) {
        return files == other.files && links == other.links && special == other.special && bytes == other.bytes;
    }

    /** For messages, such as {@code 4 files, 1 links, 0 special, 54 bytes}. */
    @Override
    public String toString() {
        return files + " files, " + links + " links, " + special + " special, " + bytes + " bytes";
    }
}
