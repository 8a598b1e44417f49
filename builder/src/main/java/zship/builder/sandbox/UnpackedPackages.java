package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The packages of a build root.
 *
 * @param files the folder that stands for {@code /}
 * @param packages the packages
 * @param owners the package of each file, by the file's path below {@code usr}
 */
record UnpackedPackages(Path files, List<InstalledPackage> packages,
        Map<String, InstalledPackage> owners) implements PackageDatabase {

    @Override
    public Optional<InstalledPackage> named(String name) {
        return packages.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    @Override
    public Optional<InstalledPackage> owner(Path file) throws IOException {
        Path real = file.toRealPath();
        Path root = files.toRealPath();
        return real.startsWith(root)
                ? Optional.ofNullable(owners.get(BuildRoot.merged(root.relativize(real).toString())))
                : Optional.empty();
    }
}
