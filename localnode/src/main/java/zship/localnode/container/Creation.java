package zship.localnode.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.localnode.job.CommandException;
import zship.localnode.process.PrivateFiles;
import zship.localnode.process.ProcessMark;

/** Makes one container, step by step. Whoever calls it removes what was made when a step fails. */
final class Creation {

    private static final int INIT_STEPS = 5000;

    private final NodeParts node;
    private final Container container;
    private final ContainerArguments arguments;
    private final ContainerDirectory directory;
    private final PortTable ports;

    Creation(NodeParts node, Container container, PortTable ports) {
        this.node = node;
        this.container = container;
        this.arguments = container.arguments();
        this.directory = container.directory();
        this.ports = ports;
    }

    void run() throws CommandException, IOException, InterruptedException {
        Roots.Root root = root("mount-root-flist", arguments.root());
        container.update(record -> record.withRoot(root.sha256()));
        directory.mount(node.tools(), root.tree());
        writeFiles(new RootTree(directory.root()));
        createProcess();
        connect();
        node.runc().start(node.runtimeName(container.id()));
        awaitInit();
        container.update(record -> record.withPhase(ContainerRecord.Phase.RUNNING));
    }

    /** The runtime lets its own process go on and returns; a moment later that becomes process 1. */
    private void awaitInit() throws IOException, InterruptedException {
        Path name = Path.of("/proc", Long.toString(container.initPid()), "comm");
        for (int step = 0; step < INIT_STEPS && Files.readString(name).startsWith("runc:"); step++) {
            Thread.sleep(1);
        }
    }

    private Roots.Root root(String step, String source) throws CommandException, InterruptedException {
        try {
            return node.roots().obtain(source, arguments.storage());
        } catch (RootException refused) {
            throw new CommandException(CommandException.FAILED, step + "(" + refused.reason() + ")");
        }
    }

    /** The files that a node writes over the root, then those asked for. */
    private void writeFiles(RootTree tree) throws IOException {
        String host = arguments.effectiveHostname();
        tree.write("/etc/hostname", host, "rw-r--r--", "rwxr-xr-x");
        tree.write("/etc/hosts", "127.0.0.1    " + host + ".local " + host
                + "\n127.0.0.1    localhost.localdomain localhost\n", "rw-r--r--", "rwxr-xr-x");
        tree.link("/etc/mtab", "../proc/self/mounts");
        if (arguments.hasDefaultNic()) {
            tree.append("/etc/resolv.conf", "\nnameserver " + Slirp.NAME_SERVER + "\n");
        } else if (arguments.hostNetwork()) {
            tree.append("/etc/resolv.conf", "");
        }
        for (String path : List.of("/var/run", "/proc", "/sys", "/dev")) {
            tree.makeDirectory(path);
        }
        for (Map.Entry<String, String> file : arguments.config().orElse(Map.of()).entrySet()) {
            tree.write(file.getKey(), file.getValue(), "rw-------", "rwx------");
        }
    }

    private List<ContainerMount> mounts() throws CommandException, IOException, InterruptedException {
        List<ContainerMount> mounts = new ArrayList<>();
        for (Map.Entry<String, String> mount : arguments.mount().orElse(Map.of()).entrySet()) {
            if (mount.getKey().contains("://")) {
                Roots.Root root = root("mount-bind-flist", mount.getKey());
                container.update(record -> record.withMount(root.sha256()));
                mounts.add(ContainerMount.layered(node.tools(), root.tree(), directory.layer(mounts.size()),
                        mount.getValue()));
            } else {
                mounts.add(ContainerMount.bound(Path.of(mount.getKey()).toRealPath(), mount.getValue(), false));
            }
        }
        return mounts;
    }

    private void createProcess() throws CommandException, IOException, InterruptedException {
        String name = node.runtimeName(container.id());
        PrivateFiles.write(directory.path().resolve("config.json"), new OciConfig(arguments)
                .container(directory.root(), node.tools().rootless() ? Optional.empty() : Optional.of("/" + name),
                        node.tools().catatonit(), mounts(), devices()));
        long pid = node.runc().create(name, directory.path());
        Optional<ProcessMark> init = ProcessMark.of(pid);
        if (init.isEmpty()) {
            throw new IOException("process 1 of the container ended at once");
        }
        container.update(record -> record.withInit(init.get()));
        container.joinGroups(pid);
        Files.deleteIfExists(directory.path().resolve("init.pid"));
    }

    /** A privileged container has those of the machine, except in a user namespace, where none can be made. */
    private List<Device> devices() throws IOException {
        return arguments.privileged() && !node.tools().rootless() ? Device.ofMachine() : List.of(Device.CONSOLE);
    }

    /** Nobody adds a forward between the look at those that are there and the network. */
    private void connect() throws CommandException, IOException, InterruptedException {
        ContainerNetwork network = new ContainerNetwork(node, container);
        container.forwarding().lockInterruptibly();
        try {
            network.attachPlanned();
            network.forward(ports);
        } finally {
            container.forwarding().unlock();
        }
    }
}
