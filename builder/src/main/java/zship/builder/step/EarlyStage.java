package zship.builder.step;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.Sha256;
import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;

/** Step 1: the Debian packages that the compilation needs. Missing ones are installed when the build runs as root. */
final class EarlyStage implements Step {

    static final String NAME = "earlystage";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome perform(StepContext build, boolean force) throws IOException {
        List<String> packages = build.definition().compile().packages();
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
        build.workspace().writeStamp(NAME, Sha256.ofText(used.toString()).hex());
        return new Outcome("%d packages".formatted(packages.size()), missing.isEmpty());
    }

    private static void checkTools(StepContext build, Toolbox tools, boolean debian) {
        List<String> missing = build.definition().compile().tools().stream()
                .filter(tool -> tools.find(tool).isEmpty()).toList();
        if (!missing.isEmpty()) {
            String packages = String.join(" ", build.definition().compile().packages());
            throw BuildException.prerequisite("find the programs that compile " + build.recipe().name(),
                    "not in %s: %s".formatted(build.searchPath(), String.join(", ", missing)),
                    debian
                            ? "as root: apt-get install --reinstall " + packages
                            : "install what Debian calls " + packages);
        }
    }
}
