package zship.cli.hub;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.AppSettings;
import zship.cli.config.ProjectFile;
import zship.cli.peer.HubToken;
import zship.cli.peer.NodeProcess;
import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubUrl;

/** The options that choose a hub and say who is asking. */
final class HubOptions {
    @Option(names = "--hub", paramLabel = "URL", description = "local, or the URL of a hub")
    private String hub = "";

    @Option(names = "--token", paramLabel = "SOURCE", description = "where the hub's token is: file:PATH, env:NAME or stdin (default: the file named by ZSHIP_TOKEN_FILE)")
    private String token = "";

    /** A client of the hub after flag, environment, project file and user file. */
    HubClient client(Session session) {
        ProjectFile flags = new ProjectFile(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(hub).filter(it -> !it.isEmpty()), Optional.empty(), Map.of(), Map.of(), Map.of(),
                Optional.empty(), Optional.empty());
        String address = AppSettings.merge(flags, Map.of(), session.environment(),
                AppSettings.project(Optional.empty(), Path.of("").toAbsolutePath()),
                AppSettings.user(session.folders())).hub();
        String url = address.equals(AppSettings.LOCAL) ? new NodeProcess(session).require().hubUrl() : address;
        return new HubClient(HubUrl.of(url), HubToken.find(session, token));
    }
}
