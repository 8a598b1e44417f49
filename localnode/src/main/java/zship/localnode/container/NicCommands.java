package zship.localnode.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

import zship.localnode.job.Arguments;
import zship.localnode.job.Builtin;
import zship.localnode.job.CommandException;
import zship.localnode.job.GoJson;

/** The commands {@code corex.nic-add} and {@code corex.nic-remove}, with the texts and codes of 0-core (measured). */
final class NicCommands {

    private static final JsonNode NULL = GoJson.nodes().nullNode();

    private final Containers containers;

    NicCommands(Containers containers) {
        this.containers = containers;
    }

    Map<String, Builtin> all() {
        Map<String, Builtin> all = new LinkedHashMap<>();
        all.put("corex.nic-add", this::add);
        all.put("corex.nic-remove", this::remove);
        return all;
    }

    private JsonNode add(Arguments given) throws CommandException, InterruptedException {
        Arguments arguments = given.as("ContainerNicAddArguments", CommandException.BAD_REQUEST);
        Container container = containers.existing(arguments);
        Nic nic = Nic.of(arguments.field("nic").orElse(GoJson.object()));
        if (container.arguments().hostNetwork()) {
            throw new CommandException(CommandException.BAD_REQUEST, "cannot add a nic in host network mode");
        }
        try {
            List<Nic> all = new ArrayList<>(container.record().nics().stream()
                    .filter(other -> !other.isGone() && !other.state().equals(AttachedNic.ERROR))
                    .map(AttachedNic::nic).toList());
            all.add(nic);
            NicValidation.check(all);
        } catch (CommandException refused) {
            throw new CommandException(CommandException.BAD_REQUEST, refused.text());
        }
        if (!container.isRunning()) {
            throw new CommandException(CommandException.FAILED, "set ns pid: no such process");
        }
        try {
            new ContainerNetwork(containers.node(), container).add(nic, containers.ports());
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        return NULL;
    }

    private JsonNode remove(Arguments given) throws CommandException {
        Arguments arguments = given.as("ContainerNicRemoveArguments", CommandException.BAD_REQUEST);
        Container container = containers.existing(arguments);
        long index = arguments.number("index", Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
        if (index < 0 || index >= container.record().nics().size()) {
            throw new CommandException(CommandException.BAD_REQUEST, "nic index out of range");
        }
        try {
            new ContainerNetwork(containers.node(), container).remove((int) index);
        } catch (IOException broken) {
            throw new CommandException(CommandException.FAILED, String.valueOf(broken.getMessage()));
        }
        return NULL;
    }
}
