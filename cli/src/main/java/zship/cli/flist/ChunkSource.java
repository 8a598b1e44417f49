package zship.cli.flist;

import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import zship.cli.config.AppSettings;
import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeProcess;
import zship.cli.session.Session;
import zship.flist.Flist;
import zship.flist.Secret;
import zship.flist.store.ChunkStore;
import zship.flist.store.ChunkStores;
import zship.flist.store.StoreUrl;

/** Finds the store that holds an flist's chunks. */
final class ChunkSource {
    private ChunkSource() {
    }

    /** The store named, else the one in the flist's {@code backend} metadata, else the local node's. */
    static ChunkStore open(Session session, Flist flist, String url) {
        String backend = flist.metadata().get("backend");
        if (url.isEmpty() && backend != null) {
            return ChunkStores.open(backend(backend));
        }
        boolean local = url.isEmpty() || url.equals(AppSettings.LOCAL);
        return ChunkStores.open(StoreUrl.of(local ? new NodeProcess(session).findOrStart().storeUrl() : url));
    }

    private static StoreUrl backend(String text) {
        try {
            JsonNode value = JsonMapper.shared().readTree(text);
            String host = value.path("host").asString("");
            int port = value.path("port").asInt(9900);
            if (!host.isEmpty() && port > 0 && port < 65536) {
                return new StoreUrl.Server("zdb", host, port, text(value, "namespace"),
                        text(value, "password").map(Secret::of));
            }
        } catch (JacksonException e) {
            throw unusable();
        }
        throw unusable();
    }

    private static Optional<String> text(JsonNode value, String name) {
        return Optional.of(value.path(name).asString("")).filter(it -> !it.isEmpty());
    }

    private static CliException unusable() {
        return new CliException(ExitCode.FAILED, "cannot use the flist's backend metadata",
                "it names no host and port", "name the store with --store URL");
    }
}
