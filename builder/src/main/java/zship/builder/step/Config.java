package zship.builder.step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.recipe.RecipeDefinition;
import zship.builder.root.Owner;
import zship.builder.root.RootTree;
import zship.builder.sandbox.BuildRoot;

/** Step 6: users, directories, certificates and the recipe's own files. No settings with passwords are among them. */
final class Config extends TreeStep {

    static final String NAME = "config";

    /** Where the node mounts its own file systems, or a service may write; there, so that a read-only root works. */
    private static final Map<String, Integer> STANDARD_DIRECTORIES = Map.of("proc", 0555, "sys", 0555, "dev", 0755,
            "run", 0755, "tmp", 01777, "var/log", 0755);
    private static final long MAX_BUNDLE = 16L << 20;
    private static final String CA_BUNDLE = "etc/ssl/certs/ca-certificates.crt";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    String inputs(StepContext build) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        StringBuilder inputs = new StringBuilder("%s%n%s%n".formatted(root, new TreeMap<>(STANDARD_DIRECTORIES)));
        for (RecipeDefinition.File file : root.files()) {
            inputs.append(Sha256.ofBytes(build.recipeFile(file.from())));
        }
        // Not where they are: a cache that was moved is as good as before.
        for (Path certificate : certificates(build)) {
            inputs.append("%n%s %d %s".formatted(certificate.getFileName(), Files.size(certificate),
                    Files.getLastModifiedTime(certificate)));
        }
        return inputs.append(build.settings().caBundle().orElse("")).toString();
    }

    @Override
    String plan(StepContext build) {
        return "writing users, directories and files";
    }

    @Override
    void fill(StepContext build, Path output) throws IOException {
        RecipeDefinition.Root root = build.definition().root();
        for (String directory : directoryRules(build.definition()).keySet()) {
            Files.createDirectories(output.resolve(directory));
        }
        writeUsers(root.users(), output);
        for (RecipeDefinition.File file : root.files()) {
            write(output.resolve(file.path()), build.recipeFile(file.from()));
        }
        List<Path> certificates = certificates(build);
        if (!certificates.isEmpty()) {
            ByteArrayOutputStream bundle = new ByteArrayOutputStream();
            for (Path certificate : certificates) {
                bundle.write(Files.readAllBytes(certificate));
            }
            write(output.resolve(CA_BUNDLE), bundle.toByteArray());
        }
    }

    @Override
    String result(StepContext build, Path output) {
        RecipeDefinition.Root root = build.definition().root();
        return "users root, %s".formatted(String.join(", ",
                root.users().stream().map(RecipeDefinition.User::name).toList()));
    }

    /** Returns the directories that need not be root's with mode 0755. */
    static Map<String, RootTree.DirectoryRule> directoryRules(RecipeDefinition recipe) {
        Map<String, RootTree.DirectoryRule> rules = new TreeMap<>();
        STANDARD_DIRECTORIES.forEach((path, mode) -> rules.put(path, new RootTree.DirectoryRule(Owner.ROOT, mode)));
        for (RecipeDefinition.Directory directory : recipe.root().directories()) {
            rules.put(directory.path(), new RootTree.DirectoryRule(new Owner(directory.uid(), directory.gid()),
                    directory.modeBits()));
        }
        return rules;
    }

    private static void writeUsers(List<RecipeDefinition.User> users, Path output) throws IOException {
        StringBuilder passwd = new StringBuilder("root:x:0:0:root:/:/usr/sbin/nologin\n");
        StringBuilder group = new StringBuilder("root:x:0:\n");
        for (RecipeDefinition.User user : users) {
            passwd.append("%s:x:%d:%d::%s:/usr/sbin/nologin\n".formatted(user.name(), user.uid(), user.gid(),
                    user.home()));
            group.append("%s:x:%d:\n".formatted(user.name(), user.gid()));
        }
        write(output.resolve("etc/passwd"), passwd.toString().getBytes(StandardCharsets.UTF_8));
        write(output.resolve("etc/group"), group.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the certificates to trust: the file that was given, or those of the distribution, sorted; those that an
     * administrator added stay on the host.
     */
    private static List<Path> certificates(StepContext build) throws IOException {
        String folder = build.variant().profile().caCertificates();
        Optional<String> given = build.settings().caBundle();
        if (folder.isEmpty() && given.isEmpty() || given.filter(BuildSettings.NO_CA_BUNDLE::equals).isPresent()) {
            return List.of();
        }
        if (given.isPresent()) {
            return List.of(givenBundle(Path.of(given.get())));
        }
        Path system = build.buildRoot().map(BuildRoot::files).orElse(Path.of("/"));
        Path certificates = system.resolve(folder.replaceFirst("^/+", ""));
        if (!Files.isDirectory(certificates)) {
            throw BuildException.prerequisite("read the certificates in " + certificates, "there is no such folder",
                    "as root: apt-get install ca-certificates");
        }
        try (Stream<Path> files = Files.list(certificates)) {
            return files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
        }
    }

    /** Refuses a file of certificates that is none, before any work is done. */
    static void check(BuildSettings settings) throws IOException {
        Optional<String> given = settings.caBundle().filter(it -> !it.equals(BuildSettings.NO_CA_BUNDLE));
        if (given.isPresent()) {
            givenBundle(Path.of(given.get()));
        }
    }

    private static Path givenBundle(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw BuildException.usage("use the certificates in " + file, "there is no such file",
                    "name a file of certificates in PEM format, or 'none'");
        }
        if (Files.size(file) > MAX_BUNDLE || !Files.readString(file, StandardCharsets.ISO_8859_1)
                .contains("-----BEGIN CERTIFICATE-----")) {
            throw BuildException.usage("use the certificates in " + file, "it holds no certificate in PEM format",
                    "name a file of certificates in PEM format, or 'none'");
        }
        return file;
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, content);
    }
}
