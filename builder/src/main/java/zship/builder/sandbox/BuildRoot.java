package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import zship.builder.Sha256;

/**
 * A folder with the files of Debian packages, unpacked without running anything of theirs: what compilers, headers and
 * libraries a build may use.
 *
 * @param folder the folder that holds the files and what is known about them
 * @param packages the packages, sorted by name
 */
public record BuildRoot(Path folder, List<InstalledPackage> packages) {

    static final String PACKAGES = "packages";
    static final String LISTS = "lists";

    /** Copies the packages. */
    public BuildRoot {
        packages = List.copyOf(packages);
    }

    static BuildRoot open(Path folder) throws IOException {
        return new BuildRoot(folder, Files.readAllLines(folder.resolve(PACKAGES)).stream()
                .map(InstalledPackage::parse).toList());
    }

    /** Returns the folder that stands for {@code /}. */
    public Path files() {
        return folder.resolve("files");
    }

    /** Returns a digest of all packages with their versions. */
    public String digest() {
        return Sha256.ofText(packages.stream().map(InstalledPackage::line).collect(Collectors.joining("\n"))).hex();
    }

    /** Reads which package each file comes from. */
    public PackageDatabase database() throws IOException {
        return new UnpackedPackages(files(), packages, owners());
    }

    /**
     * Returns the package of each file, by the file's path without a leading slash. Debian 12 still lists some files in
     * {@code lib} although that is a link to {@code usr/lib}; here all are below {@code usr}.
     */
    private Map<String, InstalledPackage> owners() throws IOException {
        Map<String, InstalledPackage> byName = packages.stream()
                .collect(Collectors.toMap(InstalledPackage::name, it -> it));
        Map<String, InstalledPackage> owners = new HashMap<>();
        try (DirectoryStream<Path> lists = Files.newDirectoryStream(folder.resolve(LISTS))) {
            for (Path list : lists) {
                InstalledPackage owner = byName.get(String.valueOf(list.getFileName()));
                if (owner != null) {
                    Files.readAllLines(list).forEach(line -> owners.put(merged(line), owner));
                }
            }
        }
        return owners;
    }

    /** Returns a path of the root as it is after the merge of {@code /usr}. */
    static String merged(String path) {
        String relative = path.replaceFirst("^\\./", "").replaceFirst("^/+", "");
        return relative.matches("(bin|sbin|lib|lib32|lib64|libx32)/.*") ? "usr/" + relative : relative;
    }
}
