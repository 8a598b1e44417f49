package zship.builder.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.sandbox.BuildRoot;
import zship.builder.sandbox.BuildRoots;
import zship.builder.sandbox.PrivateApt;
import zship.builder.sandbox.Sandbox;
import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;

/**
 * Step 1: the build environment, which is a folder with the files of Debian packages. When the host is used instead,
 * packages that it lacks are installed when the build runs as root.
 */
final class EarlyStage implements Step {

    static final String NAME = "earlystage";

    private final Path aptFolder;

    EarlyStage(Path aptFolder) {
        this.aptFolder = aptFolder;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome perform(StepContext build, boolean force) throws IOException {
        return build.settings().host() ? useHost(build) : useBuildRoot(build);
    }

    private Outcome useBuildRoot(StepContext build) throws IOException {
        Bubblewrap.provide(build, NAME, "make a sandbox to build in");
        Optional<BuildRoot> known = build.buildRoot();
        BuildRoot root = known.isPresent() ? known.get() : makeBuildRoot(build);
        if (build.workspace().stamp(NAME).filter(root.digest()::equals).isEmpty()) {
            trySandbox(build, root);
        }
        build.workspace().writeStamp(NAME, root.digest());
        return new Outcome("%d packages in a root of their own".formatted(root.packages().size()), known.isPresent());
    }

    private BuildRoot makeBuildRoot(StepContext build) throws IOException {
        build.begin(NAME, "fetching the packages of the build environment");
        Toolbox tools = build.tools(NAME);
        DebianPackages machine = new DebianPackages(tools, build.settings().environment());
        Path packages = build.settings().cacheDirectory().resolve("packages");
        PrivateApt apt = new PrivateApt(packages, aptFolder, tools.withEnvironment(machine.aptEnvironment()));
        BuildRoots roots = build.buildRoots();
        removeRemains(roots);
        try {
            return roots.make(build.variant().packages(), apt, tools);
        } catch (IOException | RuntimeException e) {
            discardRemains(roots, e);
            throw e;
        }
    }

    /** The lock of the cache is held, so nobody is making one. */
    private static void removeRemains(BuildRoots roots) throws IOException {
        for (Path remains : roots.remains()) {
            Trees.delete(remains);
        }
    }

    private static void discardRemains(BuildRoots roots, Exception failure) {
        try {
            removeRemains(roots);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Finds out before the compilation whether this machine lets us make a sandbox. */
    private static void trySandbox(StepContext build, BuildRoot root) throws IOException {
        Toolbox tools = build.tools(NAME);
        Path work = build.workspace().temporary(NAME);
        try {
            Sandbox sandbox = new Sandbox(root, work);
            sandbox.handOver();
            List<String> trial = new ArrayList<>(sandbox.words(Sandbox.WORK, false));
            trial.addAll(List.of("gcc", "--version"));
            if (tools.runForStatus(work, trial) != 0) {
                throw BuildException.prerequisite("make a sandbox to build in", tools.lastLines(),
                        "run it as root or allow user namespaces, or build on this machine itself with --host");
            }
        } finally {
            Trees.delete(work);
        }
    }

    private Outcome useHost(StepContext build) throws IOException {
        List<String> packages = build.variant().packages();
        Toolbox tools = build.tools(NAME);
        DebianPackages machine = new DebianPackages(tools, build.settings().environment());
        boolean debian = machine.available();
        Map<String, String> versions = debian ? machine.installed(packages) : Map.of();
        List<String> missing = packages.stream().filter(name -> debian && !versions.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            build.begin(NAME, "installing " + String.join(" ", missing));
            machine.install(missing, "find the packages that compile " + build.recipe().name());
            build.events().on(new BuildEvent.PackagesInstalled(missing));
        }
        checkTools(build, tools, debian);
        Map<String, String> used = missing.isEmpty() ? versions : machine.installed(packages);
        build.workspace().writeStamp(NAME, Sha256.ofText("host" + used).hex());
        return new Outcome("%d packages of this machine".formatted(packages.size()), missing.isEmpty());
    }

    private static void checkTools(StepContext build, Toolbox tools, boolean debian) {
        List<String> missing = build.definition().compile().tools().stream()
                .filter(tool -> tools.find(tool).isEmpty()).toList();
        if (!missing.isEmpty()) {
            String packages = String.join(" ", build.variant().packages());
            throw BuildException.prerequisite("find the programs that compile " + build.recipe().name(),
                    "not in %s: %s".formatted(build.searchPath(), String.join(", ", missing)),
                    debian
                            ? "as root: apt-get install --reinstall " + packages
                            : "install what Debian calls " + packages);
        }
    }
}
