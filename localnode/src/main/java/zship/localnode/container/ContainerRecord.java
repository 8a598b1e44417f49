package zship.localnode.container;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.Envelope;
import zship.localnode.job.GoJson;
import zship.localnode.process.ProcessMark;

/**
 * What the node writes down about a container, so that its next process finds it again.
 *
 * @param id        number of the container
 * @param phase     how far it is
 * @param command   the command that created it, with its arguments
 * @param storage   chunk store
 * @param root      SHA-256 of the flist; empty while it is not known
 * @param init      process 1, once it exists
 * @param slirp     its network process, when it has one
 * @param startedAt when it was created, milliseconds since 1970
 * @param forwards  host port as text to container port
 * @param services  services that were started
 */
record ContainerRecord(int id, Phase phase, Command command, String storage, String root, Optional<ProcessMark> init,
        Optional<ProcessMark> slirp, long startedAt, Map<String, Long> forwards,
        Map<String, Optional<ProcessMark>> services) {

    /** How far a container is. */
    enum Phase {
        /** Being made; worthless after a crash. */
        CREATING,
        /** Running. */
        RUNNING,
        /** Being removed. */
        ENDING
    }

    ContainerRecord {
        forwards = new LinkedHashMap<>(forwards);
        services = new LinkedHashMap<>(services);
    }

    static ContainerRecord creating(int id, Command command, String storage, long now) {
        return new ContainerRecord(id, Phase.CREATING, command, storage, "", Optional.empty(), Optional.empty(), now,
                Map.of(), Map.of());
    }

    ContainerRecord withPhase(Phase next) {
        return new ContainerRecord(id, next, command, storage, root, init, slirp, startedAt, forwards, services);
    }

    ContainerRecord withRoot(String sha256) {
        return new ContainerRecord(id, phase, command, storage, sha256, init, slirp, startedAt, forwards, services);
    }

    ContainerRecord withInit(ProcessMark process) {
        return new ContainerRecord(id, phase, command, storage, root, Optional.of(process), slirp, startedAt, forwards,
                services);
    }

    ContainerRecord withSlirp(ProcessMark process) {
        return new ContainerRecord(id, phase, command, storage, root, init, Optional.of(process), startedAt, forwards,
                services);
    }

    ContainerRecord withForwards(Map<String, Long> ports) {
        return new ContainerRecord(id, phase, command, storage, root, init, slirp, startedAt, ports, services);
    }

    /** A service that runs as that process, or has ended when there is none. */
    ContainerRecord withService(String key, Optional<ProcessMark> process) {
        Map<String, Optional<ProcessMark>> all = new LinkedHashMap<>(services);
        all.put(key, process);
        return new ContainerRecord(id, phase, command, storage, root, init, slirp, startedAt, forwards, all);
    }

    ContainerArguments arguments() throws CommandException {
        return ContainerArguments.of(new Arguments(command, "", CommandException.BAD_REQUEST)).withDefaults(storage);
    }

    String toJson() {
        ObjectNode json = GoJson.object();
        json.put("id", id).put("phase", phase.name()).put("storage", storage).put("root", root);
        json.put("startedAt", startedAt);
        json.set("init", mark(init));
        json.set("slirp", mark(slirp));
        ObjectNode ports = json.putObject("forwards");
        forwards.forEach(ports::put);
        ObjectNode started = json.putObject("services");
        services.forEach((key, process) -> started.set(key, mark(process)));
        json.set("command", command.toJson());
        return GoJson.write(json);
    }

    private static JsonNode mark(Optional<ProcessMark> process) {
        return process.<JsonNode>map(mark -> GoJson.object().put("pid", mark.pid()).put("start", mark.start()))
                .orElse(GoJson.nodes().nullNode());
    }

    /** Reads what {@link #toJson} wrote; empty when it is damaged. */
    static Optional<ContainerRecord> parse(String text) {
        return GoJson.read(text).flatMap(json -> Envelope.of(json.path("command")).map(command -> {
            Map<String, Long> forwards = new LinkedHashMap<>();
            json.path("forwards").properties().forEach(port -> forwards.put(port.getKey(), port.getValue().asLong(0)));
            Map<String, Optional<ProcessMark>> services = new LinkedHashMap<>();
            json.path("services").properties()
                    .forEach(service -> services.put(service.getKey(), mark(service.getValue())));
            return new ContainerRecord(json.path("id").asInt(0), phase(json.path("phase").asString("")), command,
                    json.path("storage").asString(""), json.path("root").asString(""), mark(json.path("init")),
                    mark(json.path("slirp")), json.path("startedAt").asLong(0), forwards, services);
        }));
    }

    private static Phase phase(String text) {
        return text.equals(Phase.RUNNING.name()) ? Phase.RUNNING : Phase.ENDING;
    }

    private static Optional<ProcessMark> mark(JsonNode json) {
        return json.path("pid").isIntegralNumber()
                ? Optional.of(new ProcessMark(json.path("pid").longValue(), json.path("start").asString("")))
                : Optional.empty();
    }
}
