package zship.cli.store;

import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import zship.cli.session.SessionSource;

/** {@code zship store}: looks at chunk stores and moves chunks. */
@Command(name = "store", addMethodSubcommands = false, description = "Looks at a chunk store and moves chunks; URL is local, zdb://host:port, redis://host:port, dir:///path or a router.yaml.")
public final class StoreCommand implements Runnable {
    private static final String PASSWORD = "where the password is: file:PATH, env:NAME or stdin";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "store needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(description = "Asks whether the store answers, and how fast.")
    int ping(@Parameters(paramLabel = "URL") String url,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password) {
        return chunks(url, password).ping();
    }

    @Command(description = "Asks which chunks the store has; exit code 1 when one is missing.")
    int has(@Parameters(paramLabel = "URL") String url, @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password) {
        return chunks(url, password).has(ids);
    }

    @Command(description = "Fetches a chunk as it is stored, and checks its id.")
    int get(@Parameters(paramLabel = "URL") String url, @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "FILE") Path target,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password) {
        return chunks(url, password).get(id, target);
    }

    @Command(description = "Stores chunks from files as they are, each under the hash of its bytes, and prints their ids.")
    int put(@Parameters(paramLabel = "URL") String url,
            @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password) {
        return chunks(url, password).put(files);
    }

    @Command(description = "Counts the chunks of flists that the store has; of a dir:// store, all chunks.")
    int stat(@Parameters(paramLabel = "URL") String url,
            @Option(names = "--flist", paramLabel = "FILE", arity = "1", defaultValue = Option.NULL_VALUE, description = "count the chunks of this flist") List<Path> flists,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password) {
        return chunks(url, password).stat(flists == null ? List.of() : flists);
    }

    @Command(description = "Copies the chunks that the target lacks, each verified; run it again to go on.")
    int copy(@Parameters(paramLabel = "URL") String url, @Parameters(paramLabel = "TARGET") String target,
            @Option(names = "--flist", paramLabel = "FILE", arity = "1", defaultValue = Option.NULL_VALUE, description = "copy the chunks of this flist (needed unless URL is dir://)") List<Path> flists,
            @Option(names = "--password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String password,
            @Option(names = "--target-password", paramLabel = "SOURCE", defaultValue = "", description = PASSWORD) String targetPassword) {
        return chunks(url, password).copy(chunks(target, targetPassword), flists == null ? List.of() : flists);
    }

    private StoreChunks chunks(String url, String password) {
        return StoreChunks.of(((SessionSource) spec.root().userObject()).session(), url, password);
    }
}
