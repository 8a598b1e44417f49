package zship.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What can stand after some words of a command line.
 *
 * @param path the commands so far with slashes between them, without the program; empty at the top
 * @param commands the commands that can follow
 * @param options the options that can follow
 * @param valued those of the options that take a value
 * @param container whether a container's name can follow
 */
record Place(String path, List<String> commands, List<String> options, List<String> valued, boolean container) {

    /** How commands describe a parameter that is a container's name. */
    private static final Pattern CONTAINER = Pattern.compile("container|name of an app");

    /** All places below a command, itself first. */
    static List<Place> below(CommandSpec command) {
        List<Place> places = new ArrayList<>();
        collect("", command, places);
        return places;
    }

    private static void collect(String path, CommandSpec command, List<Place> places) {
        List<CommandSpec> children = command.subcommands().values().stream().map(CommandLine::getCommandSpec)
                .filter(child -> !child.usageMessage().hidden()).distinct().toList();
        List<OptionSpec> options = command.options().stream().filter(option -> !option.hidden()).toList();
        places.add(new Place(path, children.stream().map(CommandSpec::name).toList(), names(options),
                names(options.stream().filter(option -> option.arity().max() > 0).toList()),
                command.positionalParameters().stream().anyMatch(it -> it.paramLabel().equals("NAME")
                        && CONTAINER.matcher(String.join(" ", it.description())).find())));
        for (CommandSpec child : children) {
            collect(path.isEmpty() ? child.name() : path + "/" + child.name(), child, places);
        }
    }

    private static List<String> names(List<OptionSpec> options) {
        return options.stream().flatMap(option -> List.of(option.names()).stream()).sorted().toList();
    }
}
