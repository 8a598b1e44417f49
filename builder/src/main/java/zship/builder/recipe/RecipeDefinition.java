package zship.builder.recipe;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import zship.builder.Sha256;

/**
 * What a recipe file says, key by key. Paths of the root are written without a leading slash and never leave the root.
 * Lists and tables that a file leaves out are empty.
 *
 * @param name the name the recipe is asked for by
 * @param version version of what is built
 * @param summary one line for people
 * @param licence SPDX identifier of its licence
 * @param secrets environment variables that must be given when the result is deployed
 * @param defaultProfile the profile that is built when none is asked for
 * @param source where the source code comes from
 * @param compile how it is compiled, whatever the profile
 * @param components what a profile may build from source before, each after those that it needs
 * @param features what can be left out, by name
 * @param profiles ways to build it, by name
 * @param shells what {@code bin/sh} can be, by name; without one the root has no shell
 * @param root what the root holds
 * @param launcher the program that makes the service's settings; none when the service starts as it is
 * @param services the services that the node starts in the container
 * @param health where a running service answers
 */
public record RecipeDefinition(String name, String version, String summary, String licence, List<String> secrets,
        String defaultProfile, Source source, Compile compile, List<Component> components,
        Map<String, Feature> features, Map<String, Profile> profiles, Map<String, Parts> shells, Root root,
        Optional<Launcher> launcher, List<Service> services, Health health) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+~_-]{0,62}");
    /** Names as Debian's policy has them; anything else could be taken for an option of apt. */
    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    /** Characters of a URL's path, RFC 3986 section 3.3. */
    private static final Pattern MIRRORED = Pattern.compile("[A-Za-z0-9._~%!$&'()*+,;=:@/-]+");

    /** Checks the names, which become folders of the cache, and copies the lists. */
    public RecipeDefinition {
        checkName(name);
        checkVersion(version);
        profiles.keySet().forEach(RecipeDefinition::checkName);
        secrets = List.copyOf(secrets);
        components = List.copyOf(components);
        features = sorted(features);
        profiles = sorted(profiles);
        shells = sorted(shells);
        services = List.copyOf(services);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("services must name at least one");
        }
    }

    /**
     * An archive of source code.
     *
     * @param archive file name of the archive
     * @param sha256 digest that every candidate must have, in hexadecimal
     * @param urls places to fetch it from, best first
     * @param mirrored paths of a file with the same bytes on Debian's mirrors, tried on each mirror of the host
     */
    public record Source(String archive, String sha256, List<String> urls, List<String> mirrored) {

        /** Checks that the archive is a plain file name, and the places. */
        public Source {
            if (archive.contains("/") || archive.startsWith(".") || !isPrintable(archive)) {
                throw new IllegalArgumentException("archive must be a plain file name: " + archive);
            }
            sha256 = Sha256.of(sha256).hex();
            urls = List.copyOf(urls);
            urls.forEach(RecipeDefinition::checkUrl);
            mirrored = List.copyOf(mirrored);
            for (String path : mirrored) {
                if (!MIRRORED.matcher(path).matches()) {
                    throw new IllegalArgumentException("mirrored must be paths of a mirror: '%s'".formatted(path));
                }
            }
        }

        /** Returns the digest that every candidate must have. */
        public Sha256 digest() {
            return new Sha256(sha256);
        }
    }

    /**
     * The compilation: a script, or else configure, make, make install. The script runs with {@code sh -eu} in the
     * unpacked source, with the environment of the profile, and installs below {@code "$OUT"}, which becomes the root.
     *
     * @param packages Debian packages of the build environment, whatever the profile
     * @param tools programs that must be found when the host is used
     * @param patches patch files of the recipe, applied in this order
     * @param files files of the recipe that are put into the source, at the same path
     * @param configure arguments of configure, whatever the profile
     * @param script what is run instead of configure, make and make install
     */
    public record Compile(List<String> packages, List<String> tools, List<String> patches, List<String> files,
            List<String> configure, Optional<String> script) {

        /** Copies the lists. */
        public Compile {
            packages = checkPackages(packages);
            tools = List.copyOf(tools);
            patches = List.copyOf(patches);
            files = files.stream().map(RecipeDefinition::inside).toList();
            configure = List.copyOf(configure);
        }
    }

    /**
     * A library or a program that is built from source before the service. Its script runs with {@code sh -eu} in the
     * unpacked source: it installs with {@code DESTDIR="$OUT"} and the prefix {@code "$DEPS"}, where the components that
     * need it find it; what it puts into {@code "$ROOT"} goes into the finished root.
     *
     * @param name its name
     * @param version its version
     * @param licence SPDX identifier of its licence
     * @param packages Debian packages that it needs besides those of the profile
     * @param needs names of the components that it is built with, when they are chosen
     * @param source where its source comes from; none when the script takes all from the packages
     * @param script how it is built
     */
    public record Component(String name, String version, String licence, List<String> packages, List<String> needs,
            Optional<Source> source, String script) {

        /** Checks the name, which becomes a folder of the cache, and copies the lists. */
        public Component {
            checkName(name);
            checkVersion(version);
            packages = checkPackages(packages);
            needs = List.copyOf(needs);
        }
    }

    /** Debian packages and components, by name, that something brings in. */
    public record Parts(List<String> packages, List<String> components) {

        /** Copies the lists. */
        public Parts {
            packages = checkPackages(packages);
            components = List.copyOf(components);
        }
    }

    /** Something that users can leave out: what it is, and the arguments of configure that leave it out. */
    public record Feature(String summary, List<String> without) {

        /** Copies the list. */
        public Feature {
            without = List.copyOf(without);
        }
    }

    /**
     * One way to build it. In environment and arguments, {@code {deps}} stands for the folder of the components.
     *
     * @param summary one line for people
     * @param lacks what it can never do, for people
     * @param packages Debian packages of the build environment
     * @param components names of the components that it is linked with whatever the features
     * @param features what each feature that this profile can have brings in
     * @param defaultFeatures the features it has when none are chosen
     * @param defaultShell the shell in the root, {@code none} for none
     * @param environment environment of the compiler
     * @param configure more arguments of configure
     * @param make arguments of make
     * @param runTimeLibraries libraries that are opened by name at run time
     * @param caCertificates folder of certificates to trust; empty for none
     */
    public record Profile(String summary, List<String> lacks, List<String> packages, List<String> components,
            Map<String, Parts> features, List<String> defaultFeatures, String defaultShell,
            Map<String, String> environment, List<String> configure, List<String> make, List<String> runTimeLibraries,
            String caCertificates) {

        /** Copies the lists. */
        public Profile {
            lacks = List.copyOf(lacks);
            packages = checkPackages(packages);
            components = List.copyOf(components);
            features = sorted(features);
            defaultFeatures = List.copyOf(defaultFeatures);
            environment = sorted(environment);
            configure = List.copyOf(configure);
            make = List.copyOf(make);
            runTimeLibraries = List.copyOf(runTimeLibraries);
        }
    }

    /**
     * What the root holds besides what was compiled.
     *
     * @param binaries programs whose shared libraries go into the root
     * @param remove paths taken out again
     * @param forbiddenLibraries name prefixes of libraries that must not get in
     * @param users entries of passwd and group, besides root
     * @param directories directories with an owner and a mode of their own
     * @param files files copied from the recipe
     */
    public record Root(List<String> binaries, List<String> remove, List<String> forbiddenLibraries, List<User> users,
            List<Directory> directories, List<File> files) {

        /** Checks the paths and copies the lists. */
        public Root {
            binaries = binaries.stream().map(RecipeDefinition::inside).toList();
            if (binaries.isEmpty()) {
                throw new IllegalArgumentException("binaries must name at least one program of the root");
            }
            remove = remove.stream().map(RecipeDefinition::inside).toList();
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

        /**
         * Checks the name, which becomes a key of the startup file, and the command: the node replaces what stands in
         * braces, and its dialect of TOML knows no control characters.
         */
        public Service {
            if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException("name must be letters, digits, dashes: " + name);
            }
            arguments = List.copyOf(arguments);
            checkWord("command", command);
            arguments.forEach(argument -> checkWord("arguments", argument));
        }
    }

    /**
     * Where a healthy service answers: a TCP port and a path that gives status 200.
     *
     * @param port the port
     * @param path the path
     * @param logins requests with a password, by which a test of the root sees that its settings are in force
     */
    public record Health(int port, String path, List<Login> logins) {

        /** Checks the port's range and copies the list. */
        public Health {
            logins = List.copyOf(logins);
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port must be 1 to 65535: " + port);
            }
        }
    }

    /**
     * A request with HTTP's basic authentication; with another password the answer must be status 401.
     *
     * @param method its method
     * @param path its path
     * @param user the user's name
     * @param secret the variable, one of the recipe's secrets, that holds the password
     * @param status the first status that answers it
     * @param headers more lines of its head
     */
    public record Login(String method, String path, String user, String secret, int status, List<String> headers) {

        /** Checks the parts, which are put together without a change, and copies the list. */
        public Login {
            if (!method.matches("[A-Z]{1,16}")) {
                throw new IllegalArgumentException("method must be capital letters: " + method);
            }
            if (!path.startsWith("/") || path.contains(" ") || !isPrintable(path)) {
                throw new IllegalArgumentException("path must begin with a slash and have no spaces: " + path);
            }
            if (user.contains(":") || !isPrintable(user)) {
                throw new IllegalArgumentException("user must have no colon: " + user);
            }
            if (status < 100 || status > 599 || status == 401) {
                throw new IllegalArgumentException("status must be 100 to 599, and not 401: " + status);
            }
            headers = List.copyOf(headers);
            for (String header : headers) {
                if (!header.contains(":") || !isPrintable(header)) {
                    throw new IllegalArgumentException("headers must be lines 'NAME: VALUE': " + header);
                }
            }
        }
    }

    private static void checkWord(String key, String word) {
        if (!isPrintable(word) || word.contains("{") || word.contains("}")) {
            throw new IllegalArgumentException(
                    "%s must have neither braces nor control characters: '%s'".formatted(key, word));
        }
    }

    private static boolean isPrintable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    private static void checkUrl(String url) {
        String why = "";
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            why = http ? uri.getHost() == null ? "it names no host" : "" : "it does not begin with http:// or https://";
        } catch (URISyntaxException e) {
            why = e.getReason() + " at character " + (e.getIndex() + 1);
        }
        if (!why.isEmpty()) {
            throw new IllegalArgumentException("urls must be http or https addresses: '%s', %s".formatted(url, why));
        }
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name must be small letters, digits and dashes: " + name);
        }
    }

    private static void checkVersion(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException("version must be letters, digits, dots and dashes: " + version);
        }
    }

    private static List<String> checkPackages(List<String> packages) {
        for (String name : packages) {
            if (!PACKAGE.matcher(name).matches()) {
                throw new IllegalArgumentException("packages must be names of Debian packages: " + name);
            }
        }
        return List.copyOf(packages);
    }

    private static <T> Map<String, T> sorted(Map<String, T> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    private static String inside(String path) {
        boolean escapes = path.isEmpty() || !isPrintable(path) || path.startsWith("/")
                || List.of(path.split("/", -1)).stream().anyMatch(part -> part.isEmpty() || part.matches("\\.{1,2}"));
        if (escapes) {
            throw new IllegalArgumentException("path must be relative to the root and stay in it: " + path);
        }
        return path;
    }
}
