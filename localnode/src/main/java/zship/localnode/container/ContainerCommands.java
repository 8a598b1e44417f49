package zship.localnode.container;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.Command;
import zship.localnode.job.CommandException;
import zship.localnode.job.Envelope;
import zship.localnode.job.GoJson;

/** The commands {@code corex.*} of the node, with the texts and codes of 0-core (measured). */
final class ContainerCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();
    private static final long DISPATCH_MILLIS = 5000;

    private final Containers containers;

    ContainerCommands(Containers containers) {
        this.containers = containers;
    }

    Map<String, Builtin> all() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("corex.create", this::create);
        all.put("corex.create-sync", this::createSync);
        all.put("corex.list", arguments -> list(container -> true, true));
        all.put("corex.find", this::find);
        all.put("corex.get", this::get);
        all.put("corex.dispatch", this::dispatch);
        all.put("corex.terminate", this::terminate);
        all.put("corex.portforward-add", this::forward);
        all.put("corex.portforward-remove", this::stopForward);
        all.put("corex.flist-layer", new LayerCommand(containers)::run);
        all.putAll(new NicCommands(containers).all());
        all.putAll(new ArchiveCommands(containers).all());
        all.put("zship.root", this::rootState);
        return all;
    }

    private JsonNode create(Arguments arguments) throws CommandException, InterruptedException {
        return GoJson.nodes().numberNode(containers.create(arguments.command()).id());
    }

    /** Answers when the container has ended, with the result of the container itself. */
    private JsonNode createSync(Arguments arguments) throws CommandException, InterruptedException {
        Container container = containers.create(arguments.command());
        try {
            return GoJson.read(container.ended().get().toJson()).orElse(NULL);
        } catch (ExecutionException never) {
            throw new CommandException(CommandException.FAILED, String.valueOf(never.getMessage()));
        }
    }

    /** A list shows null for no forwards, a search an empty object. */
    private JsonNode list(Predicate<Container> wanted, boolean nullForNone) {
        ObjectNode json = GoJson.object();
        containers.list().stream().filter(Container::isRunning).filter(wanted)
                .forEach(container -> json.set(Integer.toString(container.id()), container.toListEntry(nullForNone)));
        return json;
    }

    private JsonNode find(Arguments given) throws CommandException {
        List<String> tags = given.as("ContainerFindArguments", CommandException.FAILED).texts("tags");
        return list(container -> container.arguments().tags().orElse(List.of()).containsAll(tags), false);
    }

    private JsonNode get(Arguments given) throws CommandException {
        Arguments arguments = given.as("struct { Query interface {} \"json:\\\"query\\\"\" }",
                CommandException.BAD_REQUEST);
        JsonNode query = arguments.field("query").orElse(NULL);
        Optional<Container> found;
        if (query.isString()) {
            found = containers.list().stream()
                    .filter(container -> container.arguments().name().equalsIgnoreCase(query.stringValue()))
                    .findFirst();
        } else if (query.isNumber()) {
            double number = query.doubleValue();
            if (number < 0 || number > Containers.LARGEST_NUMBER) {
                throw new CommandException(CommandException.BAD_REQUEST, "query out of range");
            }
            found = containers.find((int) number);
        } else {
            throw new CommandException(CommandException.BAD_REQUEST, "invalid query");
        }
        return found.<JsonNode>map(ContainerCommands::described).orElse(NULL);
    }

    private static JsonNode described(Container container) {
        ObjectNode json = GoJson.object();
        json.set("container", container.toJson(Optional.of(container.record().forwards())));
        return json.put("id", container.id());
    }

    private JsonNode dispatch(Arguments given) throws CommandException, InterruptedException {
        Arguments arguments = given.as("ContainerDispatchArguments", CommandException.FAILED);
        int id = Containers.id(arguments);
        if (id == 0) {
            throw new CommandException(CommandException.FAILED, "invalid container id");
        }
        Container container = containers.find(id).orElseThrow(
                () -> new CommandException(CommandException.FAILED, "container does not exist"));
        JsonNode envelope = arguments.field("command").orElse(GoJson.object());
        Command command = Envelope.of(envelope)
                .orElseThrow(() -> new CommandException(CommandException.FAILED, "invalid command"));
        if (!container.awaitRunning(DISPATCH_MILLIS)) {
            throw new CommandException(CommandException.FAILED,
                    "failed to dispatch command to container, check system logs for errors");
        }
        Command named = command.id().isEmpty() ? command.withId(UUID.randomUUID().toString()) : command;
        container.dispatch(named);
        return GoJson.nodes().stringNode(named.id());
    }

    private JsonNode terminate(Arguments given) throws CommandException, InterruptedException {
        int id = Containers.id(given.as("ContainerArguments", CommandException.FAILED));
        try {
            containers.terminate(id);
        } catch (IOException stuck) {
            throw new CommandException(CommandException.FAILED, String.valueOf(stuck.getMessage()));
        }
        return NULL;
    }

    /** Not a command of Zero-OS, where roots are always mounted: how much of a container's root is on this machine. */
    private JsonNode rootState(Arguments given) throws CommandException {
        Container container = containers.existing(given.as("ContainerArguments", CommandException.FAILED));
        ObjectNode json = GoJson.object();
        containers.rootState(container).ifPresentOrElse(
                state -> json.put("mode", "lazy").put("chunks", state.chunks()).put("present", state.present())
                        .put("bytes", state.bytes()).put("presentBytes", state.presentBytes())
                        .put("fetched", state.fetched()).put("fetchedBytes", state.fetchedBytes()),
                () -> json.put("mode", "full"));
        return json;
    }

    private JsonNode forward(Arguments given) throws CommandException, InterruptedException {
        Arguments arguments = given.as("containerPortForward", CommandException.BAD_REQUEST);
        HostPort host = hostPort(arguments);
        long port = arguments.number("container_port", Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
        try {
            new Forwards(containers.node(), containers.ports(), containers.existing(arguments)).add(host, port);
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        return NULL;
    }

    private JsonNode stopForward(Arguments given) throws CommandException {
        Arguments arguments = given.as("containerPortForward", CommandException.BAD_REQUEST);
        HostPort host = hostPort(arguments);
        try {
            new Forwards(containers.node(), containers.ports(), containers.existing(arguments)).remove(host);
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        return NULL;
    }

    private HostPort hostPort(Arguments arguments) throws CommandException {
        containers.existing(arguments);
        return HostPort.of(arguments.text("host_port"))
                .orElseThrow(() -> new CommandException(CommandException.FAILED, "expected integer"));
    }
}
