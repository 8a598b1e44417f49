package zship.builder.step;

import java.io.IOException;
import java.util.List;

import zship.builder.BuildEvent;
import zship.builder.BuildException;
import zship.builder.tool.DebianPackages;
import zship.builder.tool.Toolbox;

/** The program bwrap(1) of this machine, which makes the namespaces that builds and trials run in. */
final class Bubblewrap {

    private static final List<String> PACKAGE = List.of("bubblewrap");

    private Bubblewrap() {
    }

    /**
     * Installs it when it is missing, also when everything else is in the cache, which may come from another machine.
     *
     * @param build the build
     * @param step the step that needs it
     * @param purpose what it is for, as in "start the root"
     * @throws BuildException of kind PREREQUISITE with the exact command, when it cannot be installed
     */
    static void provide(StepContext build, String step, String purpose) throws IOException {
        Toolbox tools = build.tools(step);
        if (tools.find("bwrap").isEmpty()) {
            build.begin(step, "installing " + PACKAGE.getFirst());
            new DebianPackages(tools, build.settings().environment()).install(PACKAGE, purpose);
            build.events().on(new BuildEvent.PackagesInstalled(PACKAGE));
        }
    }
}
