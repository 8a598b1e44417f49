package zship.flist.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Set;

import zship.flist.tar.GzipMembers;
import zship.flist.tar.TarReader;

/** What the archive of an flist can have that not all known readers take. Measured on zflist 2.3.0 and g8ufs. */
public enum PackageForm {
    /** g8ufs: "gzip: invalid header". */
    UNCOMPRESSED("it is not compressed by gzip, which nodes refuse"),
    /** g8ufs: "unexpected EOF". */
    TRAILING_BYTES("something follows its gzip stream, which nodes refuse"),
    /** zflist: "Invalid argument". */
    PAX_HEADERS("its archive has pax headers, which zflist refuses"),
    /** With g8ufs the mount fails. */
    EMPTY_ROUTER("its routing table is empty, which nodes fail to mount");

    private final String text;

    PackageForm(String text) {
        this.text = text;
    }

    /** Half a sentence about the flist. */
    public String text() {
        return text;
    }

    /**
     * All that an flist has.
     *
     * @param file what {@link FlistPackage#read} takes
     * @throws IOException as there
     */
    public static Set<PackageForm> of(InputStream file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(file);
        if (!FlistPackage.isGzip(in)) {
            Set<PackageForm> found = ofArchive(in);
            found.add(UNCOMPRESSED);
            return found;
        }
        GzipMembers gzip = new GzipMembers(in);
        Set<PackageForm> found = ofArchive(gzip);
        if (gzip.hasTrailingBytes()) {
            found.add(TRAILING_BYTES);
        }
        return found;
    }

    private static Set<PackageForm> ofArchive(InputStream in) throws IOException {
        Set<PackageForm> found = EnumSet.noneOf(PackageForm.class);
        TarReader tar = new TarReader(in);
        if (FlistPackage.read(tar).router().filter(String::isBlank).isPresent()) {
            found.add(EMPTY_ROUTER);
        }
        if (tar.hasPaxHeaders()) {
            found.add(PAX_HEADERS);
        }
        return found;
    }
}
