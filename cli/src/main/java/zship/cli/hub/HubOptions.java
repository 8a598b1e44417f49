package zship.cli.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import picocli.CommandLine.Option;

import zship.cli.config.AppSettings;
import zship.cli.config.ProjectFile;
import zship.cli.peer.HubToken;
import zship.cli.peer.NodeProcess;
import zship.cli.session.Session;
import zship.flist.hub.HubClient;
import zship.flist.hub.HubLogin;
import zship.flist.hub.HubMirrors;
import zship.flist.hub.HubUrl;

/** The options that choose a hub and say who is asking. */
public final class HubOptions {
    private static final String USER = "ZSHIP_HUB_USER";
    private static final String MIRRORS = "ZSHIP_HUB_MIRRORS";

    @Option(names = "--hub", paramLabel = "URL", description = "local, or the URL of a hub")
    private String hub = "";

    @Option(names = "--mirror", paramLabel = "URL", description = "read from this hub when the other does not answer or does not have it (repeatable; default: ZSHIP_HUB_MIRRORS)")
    private List<String> mirrors = new ArrayList<>();

    @Option(names = "--token", paramLabel = "SOURCE", description = "where the hub's token is: file:PATH, env:NAME or stdin (default: the file named by ZSHIP_TOKEN_FILE)")
    private String token = "";

    @Option(names = "--user", paramLabel = "NAME", description = "act as this user, where the token allows it (default: ZSHIP_HUB_USER)")
    private String user = "";

    /** The settings after flag, environment, project file and user file. */
    public AppSettings settings(Session session) {
        return AppSettings.of(session.folders(), session.environment(),
                ProjectFile.empty().withHub(Optional.of(hub).filter(it -> !it.isEmpty())),
                Path.of("").toAbsolutePath());
    }

    /** A client of the hub; the local one must run. */
    HubClient client(Session session) {
        String address = settings(session).hub();
        return client(session, address.equals(AppSettings.LOCAL)
                ? new NodeProcess(session).require().hubUrl()
                : address);
    }

    /** A client of the hub; the local one is started when it does not run. */
    public HubClient clientOrStart(Session session) {
        String address = settings(session).hub();
        return client(session, address.equals(AppSettings.LOCAL)
                ? new NodeProcess(session).findOrStart().hubUrl()
                : address);
    }

    private HubClient client(Session session, String url) {
        String name = user.isEmpty() ? session.environment().getOrDefault(USER, "") : user;
        return new HubClient(HubUrl.of(url), new HubLogin(HubToken.find(session, token),
                Optional.of(name).filter(it -> !it.isEmpty())), session.wantedPatience());
    }

    /** The hub and its mirrors. Mirrors never see the token. */
    HubMirrors readers(Session session) {
        List<String> others = mirrors.isEmpty()
                ? Arrays.stream(session.environment().getOrDefault(MIRRORS, "").split("[, ]+"))
                        .filter(it -> !it.isEmpty()).toList()
                : mirrors;
        List<HubClient> hubs = new ArrayList<>(List.of(client(session)));
        others.forEach(url -> hubs.add(new HubClient(HubUrl.of(url), HubLogin.NONE, session.wantedPatience())));
        return new HubMirrors(hubs);
    }
}
