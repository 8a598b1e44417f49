package zship.cli.flist;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.flist.Flist;
import zship.flist.store.ChunkStores;
import zship.flist.store.Router;

/** {@code router}: where nodes find the chunks of an flist. */
public final class Routing {
    private final Session session;
    private final Path file;

    Routing(Session session, Path file) {
        this.session = session;
        this.file = file;
    }

    int show() {
        String text = Flist.open(file).router().map(Router::masked).orElseThrow(() -> new CliException(ExitCode.FAILED,
                "cannot find a routing table in " + file, "the flist has none",
                "zship flist router " + file + " router.yaml puts one in"));
        session.output().result(Map.of("router", text), text.stripTrailing());
        return ExitCode.OK;
    }

    int set(Path table) {
        Optional<String> text = Optional.of(text(session, table));
        return new Edits(session, file).apply(flist -> flist.withRouter(text));
    }

    int remove() {
        return new Edits(session, file).apply(flist -> flist.withRouter(Optional.empty()));
    }

    /** The routing table of a file, without its passwords, since everybody who has the flist can read it. */
    public static String text(Session session, Path table) {
        Router router = ChunkStores.router(table);
        if (router.hasPasswords()) {
            session.output().note("the passwords of " + table + " are left out: nodes read without");
        }
        router.servers().stream().filter(server -> server.host().contains(":")).findFirst()
                .ifPresent(server -> session.output().note("warning: " + table + " names " + server.hostPort()
                        + ": nodes fail on addresses of IPv6"));
        return router.text();
    }
}
