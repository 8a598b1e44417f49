package zship.flist.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import zship.flist.FlistException;
import zship.flist.disk.DiskFaults;

/**
 * Whether flists can be mounted on this machine by this user.
 *
 * @param usable whether a trial mount worked
 * @param why what stands in the way; empty when nothing does
 * @param remedy what to do about it; empty when nothing is to be done
 */
public record FuseSupport(boolean usable, String why, String remedy) {
    /** Finds out by a mount that lasts a moment. */
    public static FuseSupport check() {
        try {
            Path directory = Files.createTempDirectory("zship-fuse");
            try {
                MountPoint point = new MountPoint(directory);
                int descriptor = point.mount("trial");
                point.unmount();
                Kernel.close(descriptor);
            } finally {
                Files.deleteIfExists(directory);
            }
            return new FuseSupport(true, "", "");
        } catch (FlistException e) {
            return new FuseSupport(false, e.why(), e.hint());
        } catch (IOException e) {
            return new FuseSupport(false, DiskFaults.reason(e), "check the folder for temporary files, and free space");
        }
    }
}
