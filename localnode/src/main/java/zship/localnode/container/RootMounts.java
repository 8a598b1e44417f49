package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

import zship.flist.disk.ChangingTree;
import zship.flist.mount.FlistMount;
import zship.localnode.attendant.Attendant;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;

/** The mounted roots of a node, which its attendant serves. */
final class RootMounts {
    private static final System.Logger LOG = System.getLogger(RootMounts.class.getName());

    private final Attendant attendant;

    RootMounts(Attendant attendant) {
        this.attendant = attendant;
    }

    /**
     * Unmounts what an attendant that has ended left mounted.
     *
     * @param roots folder in which the mounts are, two levels down
     */
    static void cleanUp(Path roots) throws IOException {
        if (!Files.isDirectory(roots)) {
            return;
        }
        List<Path> places = new ArrayList<>();
        for (Path root : ChangingTree.children(roots)) {
            if (Files.isDirectory(root)) {
                places.addAll(ChangingTree.children(root));
            }
        }
        for (Path place : places) {
            if (FlistMount.removeDead(place)) {
                LOG.log(System.Logger.Level.INFO, "{0} was left by a process that has ended, and is unmounted", place);
            }
        }
    }

    /** The process that serves them, or did before it was killed; empty when none was needed yet. */
    Optional<ProcessMark> server() {
        return attendant.process();
    }

    /**
     * Mounts an flist, unless that was done before.
     *
     * @param name   of the mount; it stands in the path {@code target}
     * @param target the folder, made when missing
     * @param store  address of the store
     * @throws MountRefusal when it cannot be mounted
     */
    void mount(String name, Path flist, Path target, String store, boolean prefetch)
            throws MountRefusal, IOException, InterruptedException {
        attendant.require();
        PrivateFiles.createDirectories(target);
        JsonNode answer = attendant.ask(Attendant.question("mount").put("name", name).put("flist", flist.toString())
                .put("target", target.toString()).put("store", store).put("prefetch", prefetch));
        if (answer.has("refused")) {
            throw new MountRefusal(answer.path("refused").asString(), answer.path("damaged").asBoolean(false));
        }
    }

    /** How much of a mounted root is here; empty when it is not mounted. */
    Optional<MountState> status(String name) {
        if (!attendant.isAlive()) {
            return Optional.empty();
        }
        try {
            JsonNode answer = attendant.ask(Attendant.question("status").put("name", name));
            return answer.has("chunks")
                    ? Optional.of(new MountState(answer.path("chunks").asInt(), answer.path("present").asInt(),
                            answer.path("bytes").asLong(), answer.path("presentBytes").asLong(),
                            answer.path("fetched").asLong(), answer.path("fetchedBytes").asLong()))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the attendant does not answer: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Unmounts one that no container uses. */
    void unmount(String name) throws IOException {
        if (attendant.isAlive()) {
            attendant.ask(Attendant.question("unmount").put("name", name));
        }
    }
}
