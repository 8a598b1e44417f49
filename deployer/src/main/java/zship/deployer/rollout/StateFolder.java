package zship.deployer.rollout;

import java.nio.file.Path;

import zship.deployer.PrivateFile;
import zship.deployer.node.NodeAddress;

/** Where one app's files are: {@code <state>/deployments/<node>/<app>.*}. */
record StateFolder(Path directory, String app) {

    static StateFolder of(Path state, NodeAddress node, String app) {
        String name = node.hostAndPort().replaceAll("[^A-Za-z0-9._-]", "_");
        return new StateFolder(state.resolve("deployments").resolve(name), app);
    }

    PrivateFile file(String suffix) {
        return new PrivateFile(directory.resolve(app + suffix));
    }
}
