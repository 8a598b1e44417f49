package zship.builder.recipe;

import java.util.List;
import java.util.regex.Pattern;

import zship.builder.Sha256;

/**
 * What a recipe file says, key by key. Paths of the root are written without a leading slash and never leave the root.
 *
 * @param name the name the recipe is asked for by
 * @param version version of what is built
 * @param summary one line for people
 * @param secrets environment variables that must be given when the result is deployed
 * @param source where the source code comes from
 * @param compile how it is compiled
 * @param root what the root holds
 * @param launcher the program that starts the service
 * @param services the services that the node starts in the container
 * @param health where a running service answers
 */
public record RecipeDefinition(String name, String version, String summary, List<String> secrets, Source source,
        Compile compile, Root root, Launcher launcher, List<Service> services, Health health) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** Checks the name, which becomes a folder of the cache, and copies the lists. */
    public RecipeDefinition {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must be small letters, digits and dashes: " + name);
        }
        secrets = List.copyOf(secrets);
        services = List.copyOf(services);
    }

    /**
     * The source code.
     *
     * @param archive file name of the tar.gz
     * @param sha256 digest that every candidate must have, in hexadecimal
     * @param urls places to fetch it from, best first
     * @param debianPackage Debian source package whose original archive has the same bytes; empty for none
     */
    public record Source(String archive, String sha256, List<String> urls, String debianPackage) {

        /** Checks that the archive is a plain file name. */
        public Source {
            if (archive.contains("/") || archive.startsWith(".")) {
                throw new IllegalArgumentException("archive must be a plain file name: " + archive);
            }
            sha256 = Sha256.of(sha256).hex();
            urls = List.copyOf(urls);
        }

        /** Returns the digest that every candidate must have. */
        public Sha256 digest() {
            return new Sha256(sha256);
        }
    }

    /**
     * The compilation: configure, make, make install.
     *
     * @param packages Debian packages that must be installed
     * @param tools programs that must be found
     * @param patches patch files of the recipe, applied in this order
     * @param configure arguments of configure
     */
    public record Compile(List<String> packages, List<String> tools, List<String> patches, List<String> configure) {

        /** Copies the lists. */
        public Compile {
            packages = List.copyOf(packages);
            tools = List.copyOf(tools);
            patches = List.copyOf(patches);
            configure = List.copyOf(configure);
        }
    }

    /**
     * What the root holds besides what was compiled.
     *
     * @param binaries programs whose shared libraries go into the root
     * @param runTimeLibraries libraries that are opened by name at run time
     * @param remove paths taken out again
     * @param forbiddenLibraries name prefixes of libraries that must not get in
     * @param caCertificates folder of certificates to trust; empty for none
     * @param users entries of passwd and group, besides root
     * @param directories directories with an owner and a mode of their own
     * @param files files copied from the recipe
     */
    public record Root(List<String> binaries, List<String> runTimeLibraries, List<String> remove,
            List<String> forbiddenLibraries, String caCertificates, List<User> users, List<Directory> directories,
            List<File> files) {

        /** Checks the paths and copies the lists. */
        public Root {
            binaries = binaries.stream().map(RecipeDefinition::inside).toList();
            remove = remove.stream().map(RecipeDefinition::inside).toList();
            runTimeLibraries = List.copyOf(runTimeLibraries);
            forbiddenLibraries = List.copyOf(forbiddenLibraries);
            users = List.copyOf(users);
            directories = List.copyOf(directories);
            files = List.copyOf(files);
        }
    }

    /** A user with a group of the same name. */
    public record User(String name, int uid, int gid, String home) {
    }

    /** A directory of the root; {@code mode} is octal text such as {@code 1777}. */
    public record Directory(String path, String mode, int uid, int gid) {

        /** Checks path and mode. */
        public Directory {
            path = inside(path);
            if (!mode.matches("[01]?[0-7]{3,4}")) {
                throw new IllegalArgumentException("mode must be octal digits: " + mode);
            }
        }

        /** Returns the mode as a number. */
        public int modeBits() {
            return Integer.parseInt(mode, 8);
        }
    }

    /** A file of the root at {@code path}, copied from the recipe's file {@code from}. */
    public record File(String path, String from) {

        /** Checks the path. */
        public File {
            path = inside(path);
        }
    }

    /** A small static C program that turns the container's environment into the service's settings. */
    public record Launcher(String path, List<String> sources, List<String> headers) {

        /** Checks the path and copies the lists. */
        public Launcher {
            path = inside(path);
            sources = List.copyOf(sources);
            headers = List.copyOf(headers);
        }
    }

    /** A service of the container; {@code maxRestart} is the total of runs when it fails. */
    public record Service(String name, String command, List<String> arguments, int maxRestart) {

        /** Checks the name, which becomes a key of the startup file, and copies the arguments. */
        public Service {
            if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException("name must be letters, digits, dashes: " + name);
            }
            arguments = List.copyOf(arguments);
        }
    }

    /** Where a healthy service answers: a TCP port and a path that gives status 200. */
    public record Health(int port, String path) {

        /** Checks the port's range. */
        public Health {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port must be 1 to 65535: " + port);
            }
        }
    }

    private static String inside(String path) {
        boolean escapes = path.isEmpty() || path.startsWith("/")
                || List.of(path.split("/", -1)).stream().anyMatch(part -> part.isEmpty() || part.matches("\\.{1,2}"));
        if (escapes) {
            throw new IllegalArgumentException("path must be relative to the root and stay in it: " + path);
        }
        return path;
    }
}
