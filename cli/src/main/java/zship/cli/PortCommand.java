package zship.cli;

import java.util.Map;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.peer.NodeAccess;
import zship.cli.peer.NodeOptions;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.deployer.container.Container;
import zship.deployer.container.HostPort;
import zship.deployer.container.PortMapping;

/** {@code zship port}: the ports of a node that lead into a running container. */
@Command(name = "port", description = "Adds and removes ports of the node that lead into a running container.", subcommands = {
    PortCommand.Add.class, PortCommand.Remove.class})
final class PortCommand implements Runnable {
    @ParentCommand
    private SessionSource root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "port needs one of: add, rm");
    }

    private static void done(Session session, Container container, PortMapping mapping, String verb) {
        session.output().result(Map.of("container", container.id(), "port", mapping.host().toString(), "inside",
                mapping.container(), "done", verb),
                verb + " " + mapping.host() + "->" + mapping.container() + " of " + container.label());
    }

    /** {@code zship port add}. */
    @Command(name = "add", description = "Lets a port of the node lead into a container.")
    static final class Add implements Callable<Integer> {
        @ParentCommand
        private PortCommand parent;

        @Mixin
        private NodeOptions node;

        @Parameters(index = "0", paramLabel = "NAME", description = "a container's name or number")
        private String name = "";

        @Parameters(index = "1", paramLabel = "HOST:CONTAINER", description = "such as 8080:80, 10.0.0.0/24:8080:80 or 5353|udp:53")
        private String port = "";

        @Override
        public Integer call() {
            Session session = parent.root.session();
            PortMapping mapping = PortMapping.of(port);
            try (NodeAccess access = node.open(session)) {
                Container container = access.container(name);
                access.containers().portForwardAdd(container.id(), mapping);
                done(session, container, mapping, "added");
            }
            return ExitCode.OK;
        }
    }

    /** {@code zship port rm}. */
    @Command(name = "rm", description = "Ends that a port of the node leads into a container.")
    static final class Remove implements Callable<Integer> {
        @ParentCommand
        private PortCommand parent;

        @Mixin
        private NodeOptions node;

        @Parameters(index = "0", paramLabel = "NAME", description = "a container's name or number")
        private String name = "";

        @Parameters(index = "1", paramLabel = "HOST", description = "the node's port, as zship ps shows it")
        private String port = "";

        @Override
        public Integer call() {
            Session session = parent.root.session();
            String host = HostPort.of(port).toString();
            try (NodeAccess access = node.open(session)) {
                Container container = access.container(name);
                Integer inside = container.ports().get(host);
                // A node says yes although there is no such forward.
                if (inside == null) {
                    throw new CliException(ExitCode.FAILED, "cannot remove port " + host + " of " + container.label(),
                            "it has " + (container.ports().isEmpty() ? "none" : PsCommand.ports(container)),
                            "zship ps shows the ports");
                }
                PortMapping mapping = new PortMapping(HostPort.of(host), inside);
                access.containers().portForwardRemove(container.id(), mapping);
                done(session, container, mapping, "removed");
            }
            return ExitCode.OK;
        }
    }
}
