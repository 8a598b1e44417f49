package zship.localnode.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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
 * @param startedAt when it was created, milliseconds since 1970
 * @param init      process 1, once it exists
 * @param slirp     its network process, when it has one
 * @param live      what changes while it runs
 */
record ContainerRecord(int id, Phase phase, Command command, String storage, String root, long startedAt,
        Optional<ProcessMark> init, Optional<ProcessMark> slirp, Live live) {

    /** How far a container is. */
    enum Phase {
        /** Being made; worthless after a crash. */
        CREATING,
        /** Running. */
        RUNNING,
        /** Being removed. */
        ENDING
    }

    /**
     * What changes while a container runs.
     *
     * @param forwards host port as text to container port
     * @param services services that were started
     * @param nics     network interfaces in the order of their numbers
     * @param layer    SHA-256 of the flist laid over the root; empty for none
     * @param mounts   SHA-256 of the flists mounted besides the root
     */
    record Live(Map<String, Long> forwards, Map<String, ServiceProgress> services, List<AttachedNic> nics,
            String layer, List<String> mounts) {
        Live {
            forwards = new LinkedHashMap<>(forwards);
            services = new LinkedHashMap<>(services);
            nics = List.copyOf(nics);
            mounts = List.copyOf(mounts);
        }
    }

    static ContainerRecord creating(int id, Command command, ContainerArguments arguments, long now) {
        List<AttachedNic> nics = arguments.nics().orElse(List.of()).stream()
                .map(nic -> arguments.hostNetwork() ? new AttachedNic(nic, "") : AttachedNic.planned(nic)).toList();
        return new ContainerRecord(id, Phase.CREATING, command, arguments.storage(), "", now, Optional.empty(),
                Optional.empty(), new Live(Map.of(), Map.of(), nics, "", List.of()));
    }

    Map<String, Long> forwards() {
        return live.forwards();
    }

    Map<String, ServiceProgress> services() {
        return live.services();
    }

    List<AttachedNic> nics() {
        return live.nics();
    }

    ContainerRecord withPhase(Phase next) {
        return new ContainerRecord(id, next, command, storage, root, startedAt, init, slirp, live);
    }

    ContainerRecord withRoot(String sha256) {
        return new ContainerRecord(id, phase, command, storage, sha256, startedAt, init, slirp, live);
    }

    ContainerRecord withInit(ProcessMark process) {
        return new ContainerRecord(id, phase, command, storage, root, startedAt, Optional.of(process), slirp, live);
    }

    ContainerRecord withSlirp(Optional<ProcessMark> process) {
        return new ContainerRecord(id, phase, command, storage, root, startedAt, init, process, live);
    }

    private ContainerRecord with(Live next) {
        return new ContainerRecord(id, phase, command, storage, root, startedAt, init, slirp, next);
    }

    ContainerRecord withForwards(Map<String, Long> ports) {
        return with(new Live(ports, services(), nics(), live.layer(), live.mounts()));
    }

    /** With a service that has got further. */
    ContainerRecord withService(String key, UnaryOperator<ServiceProgress> change) {
        Map<String, ServiceProgress> all = new LinkedHashMap<>(services());
        all.put(key, change.apply(all.getOrDefault(key, ServiceProgress.NONE)));
        return with(new Live(forwards(), all, nics(), live.layer(), live.mounts()));
    }

    ContainerRecord withNic(AttachedNic nic) {
        List<AttachedNic> all = new ArrayList<>(nics());
        all.add(nic);
        return with(new Live(forwards(), services(), all, live.layer(), live.mounts()));
    }

    ContainerRecord withNicState(int index, String state) {
        List<AttachedNic> all = new ArrayList<>(nics());
        all.set(index, all.get(index).withState(state));
        return with(new Live(forwards(), services(), all, live.layer(), live.mounts()));
    }

    ContainerRecord withLayer(String sha256) {
        return with(new Live(forwards(), services(), nics(), sha256, live.mounts()));
    }

    /** With one more flist mounted besides the root. */
    ContainerRecord withMount(String sha256) {
        List<String> all = new ArrayList<>(live.mounts());
        all.add(sha256);
        return with(new Live(forwards(), services(), nics(), live.layer(), all));
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
        forwards().forEach(ports::put);
        ObjectNode started = json.putObject("services");
        services().forEach((key, progress) -> started.set(key, progress.toJson()));
        ArrayNode interfaces = json.putArray("nics");
        nics().forEach(nic -> interfaces.add(nic.toJson()));
        json.put("layer", live.layer());
        ArrayNode mounted = json.putArray("mounts");
        live.mounts().forEach(mounted::add);
        json.set("command", command.toJson());
        return GoJson.write(json);
    }

    private static JsonNode mark(Optional<ProcessMark> process) {
        return process.<JsonNode>map(mark -> GoJson.object().put("pid", mark.pid()).put("start", mark.start()))
                .orElse(GoJson.nodes().nullNode());
    }

    /** Reads what {@link #toJson} wrote; empty when it is damaged. */
    static Optional<ContainerRecord> parse(String text) {
        return GoJson.read(text).flatMap(json -> Envelope.of(json.path("command"))
                .flatMap(command -> live(json).map(live -> new ContainerRecord(json.path("id").asInt(0),
                        phase(json.path("phase").asString("")), command, json.path("storage").asString(""),
                        json.path("root").asString(""), json.path("startedAt").asLong(0), mark(json.path("init")),
                        mark(json.path("slirp")), live))));
    }

    private static Optional<Live> live(JsonNode json) {
        Map<String, Long> forwards = new LinkedHashMap<>();
        json.path("forwards").properties().forEach(port -> forwards.put(port.getKey(), port.getValue().asLong(0)));
        Map<String, ServiceProgress> services = new LinkedHashMap<>();
        json.path("services").properties()
                .forEach(service -> services.put(service.getKey(), ServiceProgress.of(service.getValue())));
        List<AttachedNic> nics = new ArrayList<>();
        try {
            for (JsonNode nic : json.path("nics")) {
                nics.add(AttachedNic.of(nic));
            }
        } catch (CommandException damaged) {
            return Optional.empty();
        }
        List<String> mounts = new ArrayList<>();
        json.path("mounts").forEach(sha256 -> mounts.add(sha256.asString("")));
        return Optional.of(new Live(forwards, services, nics, json.path("layer").asString(""), mounts));
    }

    private static Phase phase(String text) {
        return text.equals(Phase.RUNNING.name()) ? Phase.RUNNING : Phase.ENDING;
    }

    static Optional<ProcessMark> mark(JsonNode json) {
        return json.path("pid").isIntegralNumber()
                ? Optional.of(new ProcessMark(json.path("pid").longValue(), json.path("start").asString("")))
                : Optional.empty();
    }
}
