package zship.localnode.container;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

import zship.localnode.attendant.Attendant;
import zship.localnode.cgroup.ControlGroups;
import zship.localnode.job.Results;

/**
 * What all containers of a node share.
 *
 * @param tools      programs of the system
 * @param runc       container runtime
 * @param attendant  serves mounted roots and forwarded ports
 * @param roots      files of flists
 * @param results    where results go
 * @param clock      time of results
 * @param directory  folder of the containers
 * @param namePrefix makes names unique among all nodes of this machine
 * @param storage    the node's own chunk store
 * @param version    version of the node's program
 * @param kernel     parameters of the kernel
 * @param groups     control groups that clients made
 */
record NodeParts(Toolbox tools, Runc runc, Attendant attendant, Roots roots, Results results, Clock clock,
        Path directory,
        String namePrefix, String storage, String version, Map<String, String> kernel,
        ControlGroups groups) {

    /** Name of a container for the runtime and in control groups. */
    String runtimeName(int id) {
        return namePrefix + "-" + id;
    }

    PortForwards forwards() {
        return new PortForwards(attendant);
    }

    ContainerDirectory directory(int id) {
        return new ContainerDirectory(directory.resolve(Integer.toString(id)));
    }
}
