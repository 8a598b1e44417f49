package zship.cli.flist;

import java.nio.file.Path;
import java.util.Map;
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
import zship.flist.store.ReplicaFault;
import zship.flist.store.StoreUrl;

/** Finds the store that holds an flist's chunks. */
public final class ChunkSource {
    private ChunkSource() {
    }

    /**
     * The store named, else those of the flist's own routing table, else the one in its {@code backend} metadata, else the local
     * node's.
     *
     * @param file where the flist is, for messages
     */
    static ChunkStore open(Session session, Path file, Flist flist, String url) {
        return url.isEmpty()
                ? own(session, file, flist)
                : ChunkStores.openExisting(address(session, url), faults(session), session.patience());
    }

    /** The same store, for writing: a directory that is named and does not exist is created. */
    static ChunkStore openForWriting(Session session, Path file, Flist flist, String url) {
        return url.isEmpty() ? own(session, file, flist) : named(session, url);
    }

    private static ChunkStore own(Session session, Path file, Flist flist) {
        ReplicaFault.Listener faults = faults(session);
        if (flist.router().isPresent()) {
            Path origin = file.toAbsolutePath().resolve("router.yaml");
            return ChunkStores.openTable(flist.router().get(), new StoreUrl.Table(origin), faults, session.patience());
        }
        String backend = flist.metadata().get("backend");
        if (backend != null) {
            return ChunkStores.open(backend(backend), faults, session.patience());
        }
        return named(session, AppSettings.LOCAL);
    }

    /** The store of an address as typed, for writing; {@code local} is the local node's. */
    public static ChunkStore named(Session session, String url) {
        return ChunkStores.open(address(session, url), faults(session), session.patience());
    }

    private static StoreUrl address(Session session, String url) {
        return StoreUrl.of(url.equals(AppSettings.LOCAL) ? new NodeProcess(session).storeUrl() : url);
    }

    /** Tells about replicas that fail while another one is asked. */
    public static ReplicaFault.Listener faults(Session session) {
        return fault -> {
            if (session.output().json()) {
                session.output().event("replica", Map.of("store", fault.replica().toString(), "chunk",
                        fault.chunk().map(Object::toString).orElse(""), "why", fault.why()));
            } else {
                session.output().note("warning: " + fault.text());
            }
        };
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
