package zship.localnode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;

/** Names and files below the state folder. One node at a time holds it. */
record StateDirectory(Path root) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static StateDirectory of(Path stateDirectory) {
        return new StateDirectory(stateDirectory.resolve("node").toAbsolutePath().normalize());
    }

    Path store() {
        return root.resolve("store");
    }

    Path hub() {
        return root.resolve("hub");
    }

    /** Output of commands that run on the node. */
    Path jobs() {
        return root.resolve("jobs");
    }

    /** Makes the folder, readable by its owner only, and the one for the node's own log. */
    void create() throws IOException {
        PrivateFiles.createDirectories(root);
        PrivateFiles.deleteTree(jobs());
        PrivateFiles.createDirectories(jobs());
        PrivateFiles.createDirectories(root.resolve("logs"));
    }

    /** Takes the folder for this process until the channel is closed; empty when another process has it. */
    Optional<FileChannel> lock() throws IOException {
        PrivateFiles.createDirectories(root);
        FileChannel channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException held) {
            channel.close();
            return Optional.empty();
        }
        channel.close();
        return Optional.empty();
    }

    Optional<NodeState> readState() {
        try {
            JsonNode json = JSON.readTree(Files.readString(root.resolve("node.json")));
            return Optional.of(new NodeState(json.path("pid").asLong(0), json.path("startedAt").asLong(0),
                    json.path("startMark").asString(""), json.path("nodeAddress").asString(""),
                    json.path("tlsAddress").asStringOpt().filter(text -> !text.isEmpty()),
                    json.path("storeUrl").asString(""), json.path("hubUrl").asString(""),
                    json.path("offered").asStringOpt().filter(text -> !text.isEmpty()),
                    json.path("version").asString("")));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    void writeState(NodeState state) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("pid", state.pid()).put("startedAt", state.startedAt()).put("startMark", state.startMark());
        json.put("nodeAddress", state.nodeAddress()).put("storeUrl", state.storeUrl());
        state.tlsAddress().ifPresent(address -> json.put("tlsAddress", address));
        state.offered().ifPresent(address -> json.put("offered", address));
        json.put("hubUrl", state.hubUrl()).put("version", state.version());
        PrivateFiles.write(root.resolve("node.json"), JSON.writeValueAsString(json));
    }

    static boolean isAlive(NodeState state) {
        return new ProcessMark(state.pid(), state.startMark()).isAlive();
    }
}
