package zship.cli.hub;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.flist.hub.HubClient;

/** One command about a hub. */
abstract class HubCall implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HubOptions options;

    @Override
    public final Integer call() {
        Session session = ((SessionSource) spec.root().userObject()).session();
        run(session, options);
        return ExitCode.OK;
    }

    void run(Session session, HubOptions hubs) {
        run(session, hubs.client(session));
    }

    abstract void run(Session session, HubClient hub);

    static void done(Session session, String text) {
        session.output().result(Map.of("done", text), text);
    }

    static String flist(String name) {
        return name.endsWith(".flist") ? name : name + ".flist";
    }

    /** {@code repository/name} in its two parts, the name with its ending. */
    static List<String> parts(String place) {
        int slash = place.indexOf('/');
        if (slash < 1 || slash != place.lastIndexOf('/')) {
            throw new CliException(ExitCode.USAGE, "cannot use " + place, "it names no repository and flist",
                    "write it as REPOSITORY/NAME, such as tf-official/icecast.flist");
        }
        return List.of(place.substring(0, slash), flist(place.substring(slash + 1)));
    }
}
