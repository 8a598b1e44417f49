package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.tool.Toolbox;

/**
 * Build roots by the packages that were asked for. One that was made once is used again as it is, so that a later build
 * needs no mirror and gets the same versions.
 */
public final class BuildRoots {

    /** Counts changes of how roots are made; those of another format are made again. */
    private static final int FORMAT = 1;
    /** How the names of roots begin that are being made. */
    private static final String UNFINISHED = ".new-";
    /** What scripts of sources may run, whatever they build. */
    private static final List<String> BASE = List.of("bash", "binutils", "bzip2", "coreutils", "dash", "diffutils",
            "file", "findutils", "gcc", "grep", "gzip", "libc6-dev", "make", "mawk", "patch", "pkg-config", "sed",
            "tar", "util-linux", "xz-utils");
    private static final List<String> EXCLUDED = List.of("./usr/share/man/*", "./usr/share/locale/*",
            "./usr/share/info/*", "./usr/share/bash-completion/*", "./usr/share/doc/*/*.gz", "./usr/share/doc/*/*/*");
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");
    private static final List<String> MOUNT_POINTS = List.of("proc", "dev", "tmp", "w");

    private final Path folder;

    /** Gives access to the roots in {@code folder}, which is made when missing. */
    public BuildRoots(Path folder) {
        this.folder = folder;
    }

    /** Finds a root with these packages that was made before. */
    public Optional<BuildRoot> find(List<String> packages) throws IOException {
        Path root = place(packages);
        return Files.isRegularFile(root.resolve(BuildRoot.PACKAGES))
                ? Optional.of(BuildRoot.open(root))
                : Optional.empty();
    }

    /**
     * Makes a root with these packages and everything that they depend on.
     *
     * @param packages names, each possibly followed by {@code =} and a version
     * @param apt where they come from
     * @param tools runs dpkg-deb and tar
     * @throws BuildException when a package cannot be had or unpacked
     */
    public BuildRoot make(List<String> packages, PrivateApt apt, Toolbox tools) throws IOException {
        List<Path> files = apt.fetch(all(packages));
        Files.createDirectories(folder);
        Path made = Files.createTempDirectory(folder, UNFINISHED);
        Path target = made.resolve("files");
        prepare(made, target);
        List<InstalledPackage> installed = new ArrayList<>();
        for (Path file : files) {
            InstalledPackage it = describe(file, tools);
            List<String> tar = new ArrayList<>(List.of("tar", "--extract", "--verbose", "--keep-directory-symlink",
                    "--no-same-owner", "--same-permissions", "--directory=" + target,
                    "--index-file=" + made.resolve(BuildRoot.LISTS).resolve(it.name())));
            EXCLUDED.forEach(pattern -> tar.add("--exclude=" + pattern));
            tools.pipe(made, List.of("dpkg-deb", "--fsys-tarfile", file.toString()), tar);
            installed.add(it);
        }
        finish(target);
        installed.sort(Comparator.comparing(InstalledPackage::name));
        Files.write(made.resolve(BuildRoot.PACKAGES), installed.stream().map(InstalledPackage::line).toList());
        Path root = place(packages);
        Files.move(made, root, StandardCopyOption.ATOMIC_MOVE);
        return BuildRoot.open(root);
    }

    /** Returns the folders of roots whose making did not end well; none may be under way. */
    public List<Path> remains() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> roots = Files.list(folder)) {
            return roots.filter(root -> root.getFileName().toString().startsWith(UNFINISHED)).sorted().toList();
        }
    }

    private static void prepare(Path made, Path target) throws IOException {
        open(made);
        Files.createDirectory(made.resolve(BuildRoot.LISTS));
        open(Files.createDirectory(target));
        open(Files.createDirectory(target.resolve("usr")));
        for (String name : MERGED) {
            open(Files.createDirectory(target.resolve("usr").resolve(name)));
            Files.createSymbolicLink(target.resolve(name), Path.of("usr", name));
        }
    }

    /** Does the little that the packages' own scripts, which are not run, would do and a build needs. */
    private static void finish(Path target) throws IOException {
        Path awk = target.resolve("usr/bin/awk");
        if (!Files.exists(awk, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(awk, Path.of("mawk"));
        }
        for (String point : MOUNT_POINTS) {
            open(Files.createDirectories(target.resolve(point)));
        }
    }

    /** Lets everyone read a folder, whatever the caller's umask: a build runs as another user. */
    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static InstalledPackage describe(Path file, Toolbox tools) throws IOException {
        Toolbox.Output shown = tools.capture(Path.of("/"), List.of("dpkg-deb", "--show",
                "--showformat=${Package}\\t${Version}\\t${Architecture}\\t${source:Package}", file.toString()));
        if (shown.status() != 0) {
            throw BuildException.failed("read the package " + file.getFileName(), tools.lastLines(),
                    "delete %s and build again".formatted(file));
        }
        return InstalledPackage.parse(shown.text().strip() + "\t" + Sha256.ofFile(file).hex());
    }

    private static List<String> all(List<String> packages) {
        TreeSet<String> all = new TreeSet<>(BASE);
        all.addAll(packages);
        return List.copyOf(all);
    }

    private Path place(List<String> packages) {
        return folder.resolve(Sha256.ofText(FORMAT + String.join(" ", all(packages))).hex().substring(0, 16));
    }
}
