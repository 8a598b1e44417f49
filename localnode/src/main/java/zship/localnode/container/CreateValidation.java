package zship.localnode.container;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import zship.localnode.cgroup.ControlGroups;
import zship.localnode.job.CommandException;

/** The checks of {@code corex.create} before anything is made, in the node's order and words. */
final class CreateValidation {

    private static final int LARGEST_PORT = 65535;

    private final ContainerArguments arguments;

    private final ControlGroups groups;

    private CreateValidation(ContainerArguments arguments, ControlGroups groups) {
        this.arguments = arguments;
        this.groups = groups;
    }

    static void check(ContainerArguments arguments, ControlGroups groups) throws CommandException {
        CreateValidation validation = new CreateValidation(arguments, groups);
        if (arguments.root().isEmpty()) {
            throw failed("root plist is required");
        }
        validation.checkMounts();
        validation.checkPorts();
        NicValidation.check(arguments.nics().orElse(List.of()));
        validation.checkCgroups();
    }

    private void checkMounts() throws CommandException {
        for (Map.Entry<String, String> mount : arguments.mount().orElse(Map.of()).entrySet()) {
            String source = mount.getKey();
            if (source.contains("://")) {
                continue;
            }
            if (!source.startsWith("/")) {
                throw failed("host path '" + source + "' must be absolute");
            }
            if (!mount.getValue().startsWith("/")) {
                throw failed("guest path '" + mount.getValue() + "' must be absolute");
            }
            checkExists(source);
        }
    }

    private static void checkExists(String source) throws CommandException {
        Path path;
        try {
            path = Path.of(source);
        } catch (InvalidPathException malformed) {
            throw failed("stat " + source + ": " + malformed.getReason());
        }
        if (Files.exists(path)) {
            return;
        }
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                throw failed("stat " + source + ": not a directory");
            }
        }
        throw failed("host path '" + source + "' does not exist");
    }

    private void checkPorts() throws CommandException {
        for (Map.Entry<String, Long> port : arguments.port().orElse(Map.of()).entrySet()) {
            if (HostPort.of(port.getKey()).isEmpty()) {
                throw failed("invalid host port '" + port.getKey() + "'");
            }
            if (port.getValue() < 0 || port.getValue() > LARGEST_PORT) {
                throw failed("invalid guest port '" + port.getValue() + "'");
            }
        }
    }

    private void checkCgroups() throws CommandException {
        for (List<String> group : arguments.joinedGroups()) {
            if (groups.find(group.get(0), group.get(1)).isEmpty()) {
                throw failed("invalid cgroup [" + group.get(0) + " " + group.get(1) + "]");
            }
        }
    }

    private static CommandException failed(String text) {
        return new CommandException(CommandException.FAILED, text);
    }
}
