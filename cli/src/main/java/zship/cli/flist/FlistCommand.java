package zship.cli.flist;

import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;

/** {@code zship flist}: every subcommand works on an flist file itself; changes replace the file in one step. */
@Command(name = "flist", addMethodSubcommands = false, description = "Looks at an flist file, changes it, and checks or fetches what it names.")
public final class FlistCommand implements Runnable {
    private static final String STORE = "where the chunks are: a store's address or a router.yaml (default: the flist's own routing table, its backend, else the local store)";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "flist needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(description = "Makes an flist with nothing in it.")
    int init(@Parameters(paramLabel = "FILE") Path file) {
        return new Edits(session(), file).create();
    }

    @Command(description = "Lists the ids of all chunks, each once.")
    int chunks(@Parameters(paramLabel = "FILE") Path file) {
        return new Contents(session(), file, "").listChunks();
    }

    @Command(description = "Shows where nodes find the chunks, or puts a router.yaml in, without its passwords.")
    int router(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "ROUTER.yaml", arity = "0..1", defaultValue = Option.NULL_VALUE) Path table,
            @Option(names = "--remove", description = "take it out") boolean remove) {
        Routing routing = new Routing(session(), file);
        if (remove) {
            return routing.remove();
        }
        return table == null ? routing.show() : routing.set(table);
    }

    @Command(description = "Lists a directory.")
    int ls(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/") String path,
            @Option(names = "-l", description = "rights, owners, sizes and times too") boolean all,
            @Option(names = {"-R", "--recursive"}, description = "with all directories below") boolean recursive) {
        return new Listing(session(), file).list(path, all, recursive);
    }

    @Command(description = "Finds entries below a directory.")
    int find(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/") String path,
            @Option(names = "-name", paramLabel = "PATTERN", defaultValue = "*", description = "with * and ?") String name,
            @Option(names = "-type", paramLabel = "f|d|l|b|c|p|s", defaultValue = "", description = "what it is") String type,
            @Option(names = "-size", paramLabel = "[+-]BYTES", defaultValue = "", description = "larger (+), smaller (-) or exactly; k, M and G are understood") String size) {
        return new Listing(session(), file).find(path, EntryFilter.of(name, type, size));
    }

    @Command(description = "Shows everything the flist holds about an entry.")
    int stat(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "PATH") String path) {
        return new Listing(session(), file).stat(path);
    }

    @Command(description = "Shows what fills a directory: entries, the largest files, duplicates.")
    int du(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "PATH", arity = "0..1", defaultValue = "/") String path) {
        return new Consumption(session(), file).show(path);
    }

    @Command(description = "Compares two flists; exit code 0 when they are equal, 1 when not.")
    int diff(@Parameters(paramLabel = "OLD") Path before, @Parameters(paramLabel = "NEW") Path after) {
        return new Consumption(session(), before).compare(after);
    }

    @Command(description = "Writes a file's verified content to the standard output.")
    int cat(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "PATH") String path,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        return new Contents(session(), file, store).cat(path);
    }

    @Command(description = "Copies a file out of the flist, verified.")
    int get(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "TARGET") Path target,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        return new Contents(session(), file, store).get(path, target);
    }

    @Command(description = "Fetches every chunk and checks both hashes; exit code 1 when one is missing or altered.")
    int verify(@Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        return new Contents(session(), file, store).verify(true);
    }

    @Command(description = "Asks the store which chunks it has; exit code 1 when one is missing.")
    int check(@Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        return new Contents(session(), file, store).verify(false);
    }

    @Command(description = "Writes the whole tree into an empty or new directory.")
    int unpack(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "DIRECTORY") Path target,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store,
            @Option(names = "--resume", description = "go on with an interrupted unpack of the same flist: what is right on disk is kept") boolean resume) {
        return new Contents(session(), file, store).unpack(target, resume);
    }

    @Command(description = {"Mounts the tree read-only, until Ctrl-C or umount.",
        "Files are fetched and verified when they are first read, and kept for the next time."})
    int mount(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "DIRECTORY") Path target,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store,
            @Option(names = "--cache-size", paramLabel = "MIB", defaultValue = "4096", description = "how much to keep, in MiB (default: ${DEFAULT-VALUE})") int mebibytes,
            @Option(names = "--prefetch", description = "fetch the rest in the background") boolean prefetch) {
        if (mebibytes < 0) {
            throw new CliException(ExitCode.USAGE, "cannot use --cache-size " + mebibytes, "it is less than nothing",
                    "name how many MiB to keep, such as --cache-size 4096");
        }
        return new Mounting(session(), file).mount(target, store, (long) mebibytes << 20, prefetch);
    }

    @Command(description = "Puts a local file into the flist, replacing what is there.")
    int put(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "SOURCE") Path source,
            @Parameters(paramLabel = "PATH") String path,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        return new Contents(session(), file, store).put(source, path);
    }

    @Command(description = "Puts the content of a local directory into a directory of the flist.")
    int putdir(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "SOURCE") Path source,
            @Parameters(paramLabel = "PATH") String path,
            @Option(names = "--store", paramLabel = "URL", defaultValue = "", description = STORE) String store) {
        Packing.requireStoreOutside(source, store);
        return new Contents(session(), file, store).putDirectory(source, path);
    }

    @Command(description = "Makes directories.")
    int mkdir(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "PATH", arity = "1..*") List<String> paths,
            @Option(names = "-p", description = "with those above, and without complaint when they exist") boolean parents) {
        return new Edits(session(), file).makeDirectories(paths, parents);
    }

    @Command(description = "Removes entries.")
    int rm(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "PATH", arity = "1..*") List<String> paths,
            @Option(names = {"-r",
                "--recursive"}, description = "directories too, with all that is in them") boolean recursive) {
        return new Edits(session(), file).remove(paths, recursive);
    }

    @Command(description = "Changes permission bits, octal (all twelve) or symbolic.")
    int chmod(@Parameters(paramLabel = "FILE") Path file, @Parameters(paramLabel = "MODE") String mode,
            @Parameters(paramLabel = "PATH", arity = "1..*") List<String> paths,
            @Option(names = {"-R", "--recursive"}, description = "with everything below") boolean recursive) {
        return new Edits(session(), file).changeMode(mode, paths, recursive);
    }

    @Command(description = {"Lists, shows or sets metadata.",
        "backend takes a store URL, entrypoint a command (after --), environ and readme NAME=VALUE,",
        "port tcp/8000=8000, volume TARGET[=HOST]; any other key takes a text."})
    int metadata(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "KEY", arity = "0..1", defaultValue = "") String key,
            @Parameters(paramLabel = "VALUE", arity = "0..*", index = "2..*") List<String> values,
            @Option(names = "--remove", description = "remove the key") boolean remove,
            @Option(names = "--import", paramLabel = "TEXT.md", defaultValue = Option.NULL_VALUE, description = "readme only: take the text of this file") Path imported,
            @Option(names = "--unset", paramLabel = "NAME", defaultValue = "", description = "remove one name of environ, port, volume or readme") String unset) {
        Metadata metadata = new Metadata(session(), file);
        List<String> given = values == null ? List.of() : values;
        if (remove || !unset.isEmpty()) {
            return metadata.remove(key, unset);
        }
        if (imported != null) {
            return metadata.importReadme(key, imported, given);
        }
        return given.isEmpty() ? metadata.show(key) : metadata.set(key, given);
    }

    @Command(description = "Adds other flists; where two have the same path, the first one wins.")
    int merge(@Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "OTHER", arity = "1..*") List<Path> others,
            @Option(names = {"-o",
                "--output"}, paramLabel = "RESULT", defaultValue = Option.NULL_VALUE, description = "write here instead of into FILE") Path output) {
        return new Edits(session(), file).merge(others, output);
    }

    private Session session() {
        return ((SessionSource) spec.root().userObject()).session();
    }
}
