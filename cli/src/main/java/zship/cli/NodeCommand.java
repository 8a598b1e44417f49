package zship.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

import zship.cli.failure.CliException;
import zship.cli.failure.ExitCode;
import zship.cli.node.NodeInfo;
import zship.cli.node.NodeJobs;
import zship.cli.node.NodePing;
import zship.cli.peer.NodeProcess;
import zship.cli.session.Session;
import zship.cli.session.SessionSource;
import zship.localnode.LocalNode;
import zship.localnode.LocalNodeConfig;
import zship.localnode.NodeState;
import zship.localnode.UserNamespace;

/** {@code zship node}: the local node. */
@Command(name = "node", description = "Looks at a node; starts and stops the local one.", subcommands = {NodePing.class,
    NodeInfo.class, NodeJobs.class, NodeCommand.Start.class, NodeCommand.Stop.class, NodeCommand.Status.class,
    NodeCommand.Run.class})
final class NodeCommand implements Runnable {
    @ParentCommand
    private SessionSource root;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "node needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    private static Map<String, Object> fields(NodeState node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("running", true);
        fields.put("pid", node.pid());
        fields.put("node", node.nodeAddress());
        node.tlsAddress().ifPresent(address -> fields.put("tls", address));
        fields.put("store", node.storeUrl());
        fields.put("hub", node.hubUrl());
        node.offeredStoreUrl().ifPresent(url -> fields.put("offeredStore", url));
        node.offeredHubUrl().ifPresent(url -> fields.put("offeredHub", url));
        fields.put("version", node.version());
        return fields;
    }

    private static String text(String state, NodeState node) {
        return "local node %s: pid %d, node %s%s, store %s, hub %s%s".formatted(state, node.pid(), node.nodeAddress(),
                node.tlsAddress().map(address -> " and over TLS " + address).orElse(""), node.storeUrl(),
                node.hubUrl(), node.offered().map(address -> ", both for other nodes on " + address).orElse(""));
    }

    /** {@code zship node start}. */
    @Command(name = "start", description = "Starts the local node in the background.")
    static final class Start implements Callable<Integer> {
        @ParentCommand
        private NodeCommand parent;

        @Mixin
        private AccessOptions access;

        @Mixin
        private RootOptions roots;

        @Override
        public Integer call() {
            Session session = parent.root.session();
            List<String> wanted = new ArrayList<>(access.arguments());
            wanted.addAll(roots.arguments());
            NodeProcess process = new NodeProcess(session);
            Optional<NodeState> running = process.find();
            if (running.filter(node -> !access.isServedBy(node)).isPresent()) {
                throw new CliException(ExitCode.FAILED, "cannot change how the local node is reached",
                        "it already runs, started without these options", "zship node stop, then start it again");
            }
            NodeState node = running.orElseGet(() -> process.start(wanted));
            session.output().result(fields(node), text(running.isPresent() ? "already runs" : "started", node));
            return ExitCode.OK;
        }
    }

    /** {@code zship node stop}. */
    @Command(name = "stop", description = "Ends all containers of the local node, then the node itself.")
    static final class Stop implements Callable<Integer> {
        @ParentCommand
        private NodeCommand parent;

        @Override
        public Integer call() {
            Session session = parent.root.session();
            NodeProcess process = new NodeProcess(session);
            Optional<NodeState> running = process.find();
            running.ifPresent(process::stop);
            session.output().result(Map.of("running", false, "changed", running.isPresent()),
                    running.map(node -> "local node stopped: pid " + node.pid()).orElse("local node is not running"));
            return ExitCode.OK;
        }
    }

    /** {@code zship node status}; exit 3 when the node does not run. */
    @Command(name = "status", description = "Says whether the local node runs, and where it listens.")
    static final class Status implements Callable<Integer> {
        @ParentCommand
        private NodeCommand parent;

        @Override
        public Integer call() {
            Session session = parent.root.session();
            Optional<NodeState> running = new NodeProcess(session).find();
            running.ifPresentOrElse(node -> session.output().result(fields(node), text("runs", node)), () -> session
                    .output().result(Map.of("running", false), "local node is not running (zship node start)"));
            return running.isPresent() ? ExitCode.OK : ExitCode.PREREQUISITE;
        }
    }

    /** {@code zship node run}: the node in the foreground, until it is told to end. */
    @Command(name = "run", description = "Runs the local node in the foreground; SIGTERM or Ctrl-C ends it and its containers.")
    static final class Run implements Callable<Integer> {
        @ParentCommand
        private NodeCommand parent;

        @Option(names = "--ready", hidden = true, description = "say ready, or why not, in one line for another program")
        private boolean ready;

        @Mixin
        private AccessOptions access;

        @Mixin
        private RootOptions roots;

        @Override
        public Integer call() throws InterruptedException {
            Session session = parent.root.session();
            if (UserNamespace.isNeeded()) {
                List<String> options = new ArrayList<>(access.arguments());
                options.addAll(roots.arguments());
                return new NodeProcess(session).runInNamespace(options);
            }
            LocalNode node;
            try {
                node = LocalNode.start(LocalNodeConfig.of(session.nodeState()).withAccess(access.access())
                        .withRoots(roots.mode()).withOffer(access.offer()));
            } catch (RuntimeException e) {
                if (!ready) {
                    throw e;
                }
                return new ReadyLine(session).failed(e);
            }
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                node.stopContainers();
                node.close();
                ended.countDown();
            }, "stop"));
            if (ready) {
                ReadyLine.ready();
            } else {
                session.output().note(text("runs", node.state()) + " (Ctrl-C ends it)");
            }
            ended.await();
            return ExitCode.OK;
        }
    }
}
