package zship.builder.step;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import zship.builder.elf.Library;
import zship.builder.recipe.RecipeDefinition.Component;
import zship.builder.recipe.RecipeDefinition.Source;
import zship.builder.sandbox.InstalledPackage;
import zship.builder.sandbox.PackageDatabase;
import zship.builder.sbom.Bill;
import zship.builder.sbom.Material;

/**
 * Finds out what went into a root: the recipe's source, the components, and the Debian packages whose libraries were
 * copied or linked. On a machine without Debian's packages only the sources are known.
 */
final class Materials {

    /** A licence in a machine-readable copyright file, DEP 5. */
    private static final Pattern LICENCE = Pattern.compile("(?m)^License: *(\\S[^\\n]*)$");
    private static final int MAX_LICENCES = 16;
    /** For the few packages whose copyright file is prose. */
    private static final List<String> UNSTATED = List.of("see its copyright file in Debian");

    private final StepContext build;
    private final Optional<PackageDatabase> database;
    private final Map<String, Material> packages = new TreeMap<>();

    private Materials(StepContext build) throws IOException {
        this.build = build;
        this.database = build.packages();
    }

    /** Returns the bill of materials of a build whose other steps are done. */
    static Bill of(StepContext build) throws IOException {
        Materials materials = new Materials(build);
        List<Material> parts = new ArrayList<>();
        for (Component component : build.variant().components()) {
            Optional<Source> source = component.source();
            if (source.isPresent()) {
                parts.add(new Material(component.name(), component.version(),
                        generic(component.name(), component.version()), List.of(component.licence()),
                        source.get().sha256(), "built from source"));
            } else {
                for (String name : component.packages()) {
                    materials.add(name, "component " + component.name());
                }
            }
        }
        materials.addPackages();
        parts.addAll(materials.packages.values());
        Material root = new Material(build.recipe().name(), build.recipe().version(),
                generic(build.recipe().name(), build.recipe().version()), List.of(build.definition().licence()),
                build.definition().source().sha256(), build.recipe().summary());
        return new Bill(root, parts, build.buildTime());
    }

    private void addPackages() throws IOException {
        // The launcher is linked with musl's libc, whatever the service uses.
        if (build.definition().launcher().isPresent()) {
            add("musl-dev", "libc of the launcher");
        }
        if (!build.variant().profile().caCertificates().isEmpty() && build.settings().caBundle().isEmpty()) {
            add("ca-certificates", "trusted certificates");
        }
        if (database.isPresent()) {
            for (Library library : Dependencies.closure(build).libraries()) {
                Optional<InstalledPackage> owner = database.get().owner(library.file());
                if (owner.isPresent()) {
                    add(owner.get(), library.name());
                }
            }
        }
    }

    private void add(String name, String why) throws IOException {
        Optional<InstalledPackage> found = database.isPresent() ? database.get().named(name) : Optional.empty();
        if (found.isPresent()) {
            add(found.get(), why);
        }
    }

    private void add(InstalledPackage it, String why) throws IOException {
        packages.putIfAbsent(it.name(), new Material(it.name(), it.version(),
                "pkg:deb/debian/%s@%s?arch=%s".formatted(it.name(), it.version().replace(":", "%3A"),
                        it.architecture()),
                licences(database.orElseThrow().files(), it.name()), it.sha256(), why));
    }

    private static List<String> licences(Path root, String name) throws IOException {
        Path folder = root.resolve("usr/share/doc").resolve(name);
        // Packages of one source share a folder by a link.
        Path copyright = folder.resolve("copyright");
        if (!Files.isRegularFile(copyright) || !copyright.toRealPath().startsWith(root.toRealPath())) {
            return UNSTATED;
        }
        Matcher matcher = LICENCE.matcher(Files.readString(copyright, StandardCharsets.ISO_8859_1));
        TreeSet<String> licences = new TreeSet<>();
        while (matcher.find() && licences.size() < MAX_LICENCES) {
            licences.add(matcher.group(1).strip());
        }
        return licences.isEmpty() ? UNSTATED : List.copyOf(licences);
    }

    private static String generic(String name, String version) {
        return "pkg:generic/%s@%s".formatted(name, version);
    }
}
