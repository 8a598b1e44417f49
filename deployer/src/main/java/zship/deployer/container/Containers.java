package zship.deployer.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;

import zship.deployer.node.Command;
import zship.deployer.node.Job;
import zship.deployer.node.JobResult;
import zship.deployer.node.Jobs;
import zship.deployer.node.NodeClient;
import zship.deployer.node.NodeException;
import zship.deployer.node.RunningJob;
import zship.deployer.node.StreamMessage;
import zship.flist.Secret;

/** The containers of one node. */
public final class Containers {

    private static final Duration QUICK = Duration.ofSeconds(30);
    private static final Duration CREATE = Duration.ofSeconds(120);
    private static final Duration COPY = Duration.ofMinutes(30);

    private final NodeClient node;

    /** The containers of this node. */
    public Containers(NodeClient node) {
        this.node = node;
    }

    /**
     * Creates a container under a new command id.
     *
     * @return its number
     * @throws NodeException as {@link #create(ContainerSpec, String, Duration)}
     */
    public int create(ContainerSpec spec) {
        return create(spec, node.newId(), CREATE);
    }

    /**
     * Creates a container. Success only says that its first process was started; whether anything works is for a health
     * check to find out. The same id again gives the same container, also after its end, until 300 s later.
     *
     * @param spec what to create
     * @param commandId the id of the command
     * @param timeout how long it may take; the node fetches the flist meanwhile
     * @return its number
     * @throws NodeException when the node refuses it, or does not answer in time
     */
    public int create(ContainerSpec spec, String commandId, Duration timeout) {
        return new Creation(node, this).create(spec, commandId, timeout);
    }

    /**
     * All containers, by number. When the node cannot list (a firewall rule it did not write makes its list fail as a
     * whole), they are found without looking at the firewall, and their ports may be out of date.
     */
    public List<Container> list() {
        JobResult listed = node.run(Command.of("corex.list"), QUICK);
        return listed.success() ? containers(listed.json()) : find(List.of());
    }

    /**
     * The containers that have all these tags, by number. Their ports may be out of date; {@link #get(int)} has the true
     * ones.
     */
    public List<Container> find(List<String> tags) {
        JobResult found = node.run(Command.of("corex.find").with("tags", tags), QUICK);
        return containers(found.orThrow("list the containers of " + node.place(), "`zship node ping` asks the node")
                .json());
    }

    /** The container with this number, also one that is only half created. */
    public Optional<Container> get(int id) {
        return query(id, "container " + id);
    }

    /** A container with this name, without regard to case; names need not be unique, and this is then any of them. */
    public Optional<Container> get(ContainerName name) {
        return query(name.value(), "container " + name);
    }

    /**
     * Ends a container. Nothing in it gets time to stop by itself. A container that is still starting loses the signal,
     * and the node then never answers; so it is first waited for, and a late answer is answered by a second request.
     *
     * @param id its number
     * @param timeout how long it may take in all
     * @throws NodeException when it is still there after that time
     */
    public void terminate(int id, Duration timeout) {
        new Termination(node, this).terminate(id, timeout);
    }

    /**
     * Hands a command to the inside of a container.
     *
     * @param id the container's number
     * @param command the command
     * @return its job
     * @throws NodeException when the container does not exist or does not take it
     */
    public Job dispatch(int id, Command command) {
        return in(id).submit(command);
    }

    /** The inside of a container, where commands run as they do on the node. */
    public ContainerRunner in(int id) {
        return new ContainerRunner(node, id);
    }

    /**
     * Runs a program in a container.
     *
     * @param id the container's number
     * @param arguments the program, a path or a name in its PATH, and its arguments
     * @param timeout how long it may take
     * @return how it ended, successful or not
     */
    public JobResult system(int id, List<String> arguments, Duration timeout) {
        return in(id).run(systemCommand(arguments), timeout);
    }

    /** The command that runs a program, without a shell. */
    public static Command systemCommand(List<String> arguments) {
        return Command.of("core.system").with("name", arguments.getFirst()).with("args",
                arguments.subList(1, arguments.size()));
    }

    /**
     * Runs a script in a container, with the container's {@code sh}.
     *
     * @return how it ended, successful or not; code 404 when the container has no {@code sh}
     */
    public JobResult bash(int id, String script, Duration timeout) {
        return in(id).run(Command.of("bash").with("script", script), timeout);
    }

    /** The jobs that run in a container, its start-up services among them; this question itself is left out. */
    public List<RunningJob> jobs(int id) {
        return new Jobs(in(id)).list();
    }

    /**
     * Lets a port of the node lead into a container.
     *
     * @throws NodeException when the port is in use, when the container has no interface on the default network, or
     *     when it shares the node's network: a node takes that too, and then never removes the rule
     */
    public void portForwardAdd(int id, PortMapping mapping) {
        String what = "forward port " + mapping.host() + " to container " + id;
        if (get(id).filter(container -> container.connections().host()).isPresent()) {
            throw NodeException.refused(what, "it shares the node's network, where it listens by itself",
                    "use the port it listens on");
        }
        node.run(forward("corex.portforward-add", id, mapping), QUICK).orThrow(what,
                "`zship ps` shows who has the port");
    }

    /** Ends a port forward; it is no error when there is none. */
    public void portForwardRemove(int id, PortMapping mapping) {
        node.run(forward("corex.portforward-remove", id, mapping), QUICK).orThrow(
                "remove the forward of port " + mapping.host() + " from container " + id, "`zship ps` shows its ports");
    }

    /**
     * The command that adds or removes a forward.
     *
     * @param name {@code corex.portforward-add} or {@code corex.portforward-remove}
     */
    public static Command forward(String name, int id, PortMapping mapping) {
        return Command.of(name).with("container", id).with("host_port", mapping.host().toString())
                .with("container_port", mapping.container());
    }

    /**
     * Adds an interface.
     *
     * @throws NodeException when the node refuses it, or when the container is still being created, which the interface
     *     would break; one that fails later stays listed in state error
     */
    public void nicAdd(int id, Nic nic) {
        String what = "add a " + nic.type().word() + " interface to container " + id;
        if (get(id).filter(container -> !container.started()).isPresent()) {
            throw NodeException.refused(what, "it is still being created", "wait until it runs: `zship ps`");
        }
        node.run(Command.of("corex.nic-add").with("container", id).with("nic", nic.argument()), QUICK).orThrow(what,
                "`zship inspect` shows it");
    }

    /** Removes an interface by its index; it stays listed as destroyed. */
    public void nicRemove(int id, int index) {
        node.run(Command.of("corex.nic-remove").with("container", id).with("index", index), QUICK)
                .orThrow("remove interface " + index + " of container " + id, "`zship inspect` shows them");
    }

    /** Puts one more flist over a container's root, in place of the last one put so. */
    public void flistLayer(int id, String flist) {
        node.run(Command.of("corex.flist-layer").with("container", id).with("flist", flist), CREATE)
                .orThrow("put " + flist + " over the root of container " + id, "check that the URL answers");
    }

    /**
     * Saves a container's changed files in a restic repository.
     *
     * @param id the container's number
     * @param repository the repository's URL with {@code ?password=}, which is why it is a secret
     * @param tags tags of the snapshot
     * @return the snapshot's name, for {@link #restore}
     */
    public String backup(int id, Secret repository, List<String> tags) {
        return node.run(Command.of("corex.backup").with("container", id).with("url", repository).with("tags", tags),
                COPY).orThrow("back up container " + id, "the node needs restic and a way to the repository").text();
    }

    /**
     * Makes a container from a snapshot, with the arguments the saved one was created with.
     *
     * @param snapshot the repository's URL as for {@link #backup}, then {@code #} and the snapshot's name
     * @param tags the tags of the new container
     * @return its number
     */
    public int restore(Secret snapshot, List<String> tags) {
        return node.run(Command.of("corex.restore").with("url", snapshot).withTags(tags), COPY)
                .orThrow("restore a container on " + node.place(), "the node needs restic and a way to the repository")
                .json().asInt(0);
    }

    /** What a start-up service of a container said when it ended; empty while it runs and 300 s after its end. */
    public Optional<JobResult> serviceResult(int id, String service) {
        return node.posted(service).stream().filter(r -> r.origin().container() == id).reduce((a, b) -> b);
    }

    /** What the node says about a container that has ended; empty while it runs and 300 s after its end. */
    public Optional<JobResult> endOf(int id) {
        return node.posted("core-" + id).stream().reduce((a, b) -> b);
    }

    /**
     * Follows the output of a job in a container: its last ten messages, then each new one until it ends.
     *
     * @param id the container's number
     * @param job the job, such as a start-up service
     * @param timeout how long; empty for as long as it runs
     * @param messages takes the messages
     * @throws NodeException when there is no such job
     */
    public void logs(int id, String job, Optional<Duration> timeout, Consumer<StreamMessage> messages) {
        new ServiceOutput(this, node.time(), id).follow(job, timeout, messages);
    }

    /**
     * The spec a container would be made from again, as its node reports it; its ports are those it has now.
     *
     * @param id its number
     * @param secret says of a variable whether its value is a secret
     * @throws NodeException when there is no such container
     */
    public ContainerSpec spec(int id, Predicate<String> secret) {
        JsonNode found = answer(id, "container " + id);
        if (!found.isObject()) {
            throw NodeException.refused("look at container " + id + " on " + node.place(), "it is gone",
                    "`zship ps` lists the containers");
        }
        return ReportedSpec.read(found.path("container").path("arguments"), secret);
    }

    private Optional<Container> query(Object query, String what) {
        JsonNode found = answer(query, what);
        return found.isObject() ? Optional.of(Container.parse(found.path("id").asInt(0), found)) : Optional.empty();
    }

    private JsonNode answer(Object query, String what) {
        return node.run(Command.of("corex.get").with("query", query), QUICK)
                .orThrow("look for " + what + " on " + node.place(), "`zship ps` lists the containers").json();
    }

    private static List<Container> containers(JsonNode json) {
        List<Container> containers = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (entry.getKey().matches("[0-9]{1,9}")) {
                containers.add(Container.parse(Integer.parseInt(entry.getKey()), entry.getValue()));
            }
        }
        containers.sort(Comparator.comparingInt(Container::id));
        return containers;
    }
}
