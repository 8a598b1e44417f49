package zship.builder.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import zship.builder.tool.Toolbox;

/**
 * The packages of this machine, as dpkg-query(1) tells them. The package files are not kept, so their digests are not
 * known.
 *
 * @param tools runs dpkg-query, which must be there
 */
public record MachinePackages(Toolbox tools) implements PackageDatabase {

    private static final Path ROOT = Path.of("/");
    private static final String FORMAT = "${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t"
            + "${source:Package}\\t\\n";
    private static final String INSTALLED = "installed\t";

    @Override
    public Path files() {
        return ROOT;
    }

    @Override
    public Optional<InstalledPackage> named(String name) throws IOException {
        return tools.capture(ROOT, List.of("dpkg-query", "--show", "--showformat=" + FORMAT, name)).text().lines()
                .filter(line -> line.startsWith(INSTALLED))
                .map(line -> InstalledPackage.parse(line.substring(INSTALLED.length()))).findFirst();
    }

    @Override
    public Optional<InstalledPackage> owner(Path file) throws IOException {
        String merged = file.toRealPath().toString();
        // Debian 12 still lists some files where they were before the merge of /usr.
        String before = merged.replaceFirst("^/usr(?=/)", "");
        Optional<String> name = tools.capture(ROOT, List.of("dpkg-query", "--search", merged, before)).text().lines()
                .filter(line -> line.endsWith(": " + merged) || line.endsWith(": " + before))
                .map(line -> line.substring(0, line.indexOf(": "))).filter(owners -> !owners.contains(", "))
                .findFirst();
        return name.isEmpty() ? Optional.empty() : named(name.get());
    }
}
